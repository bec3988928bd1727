using System.Globalization;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class MaintenanceSettingsTests
{
    [Theory]
    [InlineData("2026-12-01T22:00:00Z/2026-12-02T02:00:00Z", "2026-12-01T22:00:00Z/2026-12-02T02:00:00Z")]
    [InlineData("2026-12-01T22:00Z/2026-12-02T02:00Z", "2026-12-01T22:00:00Z/2026-12-02T02:00:00Z")]
    [InlineData("2026-12-01T22:00:00+01:00/2026-12-01T22:00:00-05:30", "2026-12-01T21:00:00Z/2026-12-02T03:30:00Z")]
    [InlineData("2026-12-01T22:00:00Z / 2026-12-01T22:00:01Z", "2026-12-01T22:00:00Z/2026-12-01T22:00:01Z")]
    public void A_maintenance_window_has_a_start_and_an_end(string value, string shown)
    {
        var configuration = Settings.Read($"Healthz__Maintenance__upgrade={value}");

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("maintenance upgrade", shown, "Healthz__Maintenance__upgrade"), configuration.Values);
        var times = shown.Split('/').Select(time => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal([new MaintenanceWindow(times[0], times[1])], configuration.Options.Maintenance);
    }

    [Fact]
    public void A_window_includes_its_start_and_excludes_its_end()
    {
        var window = Assert.Single(Settings.ReadOptions("Healthz__Maintenance__0=2026-12-01T22:00:00Z/2026-12-02T02:00:00Z").Maintenance);

        Assert.False(window.Contains(window.Start.AddTicks(-1)));
        Assert.True(window.Contains(window.Start));
        Assert.True(window.Contains(window.End.AddTicks(-1)));
        Assert.False(window.Contains(window.End));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("/")]
    [InlineData("2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00:00Z/")]
    [InlineData("2026-12-01T22:00:00Z/2026-12-02T02:00:00Z/2026-12-03T02:00:00Z")]
    [InlineData("2026-12-01T22:00:00/2026-12-02T02:00:00")]
    [InlineData("2026-12-01T22:00:00Z/2026-12-02T02:00:00")]
    [InlineData("2026-12-01T22:00/2026-12-02T02:00Z")]
    [InlineData("2026-12-01/2026-12-02")]
    [InlineData("2026-12-01T22:00:00Z/PT4H")]
    [InlineData("2026-12-01 22:00:00Z/2026-12-02 02:00:00Z")]
    [InlineData("2026-13-01T22:00:00Z/2026-13-02T02:00:00Z")]
    [InlineData("2026-12-01T24:00:00Z/2026-12-02T02:00:00Z")]
    [InlineData("01.12.2026 22:00/02.12.2026 02:00")]
    [InlineData("0001-01-01T00:00:00+14:00/2026-12-02T02:00:00Z")]
    public void An_invalid_window_is_refused(string value)
    {
        var configuration = Settings.Read($"Healthz__Maintenance__0={value}");

        Assert.Equal(
            $"Healthz__Maintenance__0 is \"{value}\", which is not an ISO 8601 interval of two times, each with its offset from UTC; "
            + "expected two times such as 2026-12-01T22:00:00Z/2026-12-02T02:00:00Z",
            $"{Assert.Single(configuration.Problems)}");
        Assert.Empty(configuration.Options.Maintenance);
    }

    [Theory]
    [InlineData("2026-12-02T02:00:00Z/2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00:00Z/2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00:00Z/2026-12-01T23:00:00+01:00")]
    public void A_window_that_ends_before_it_starts_is_refused(string value) =>
        Assert.Equal(
            $"Healthz__Maintenance__0 is \"{value}\", which does not end after it starts; expected two times such as "
            + "2026-12-01T22:00:00Z/2026-12-02T02:00:00Z",
            $"{Settings.ReadProblem($"Healthz__Maintenance__0={value}")}");

    [Fact]
    public void A_window_without_a_name_is_refused()
    {
        var found = Settings.ReadProblem("Healthz__Maintenance=2026-12-01T22:00:00Z/2026-12-02T02:00:00Z");

        Assert.Equal(("Healthz__Maintenance", "takes no value of its own"), (found.Setting, found.Problem));
    }

    [Fact]
    public void There_may_be_several_windows()
    {
        var options = Settings.ReadOptions(
            Enumerable.Range(1, 9).Select(day => $"Healthz__Maintenance__{day}=2026-12-0{day}T22:00Z/2026-12-0{day}T23:00Z"));

        Assert.Equal(Enumerable.Range(1, 9), options.Maintenance.Select(window => window.Start.Day));
    }
}
