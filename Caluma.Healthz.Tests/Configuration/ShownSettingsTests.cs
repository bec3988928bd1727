using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

/// <summary>What <c>config</c> shows of the settings, and what a front door says at its start.</summary>
public sealed class ShownSettingsTests
{
    [Theory]
    [InlineData("enabled", "no", "ENABLE_HEALTHZ_ENDPOINT", "ENABLE_HEALTHZ_ENDPOINT=false")]
    [InlineData("Timeout", "00:00:05", "default")]
    [InlineData("Timeout", "00:00:05 (the default counts; \"soon\" is rejected)", "Healthz__Timeout", "Healthz__Timeout=soon")]
    [InlineData("Checks", "media storage service, caches, database migrations, databases, database models", "default")]
    [InlineData("Checks", "caches", "WATCHMAN_CHECKS", "WATCHMAN_CHECKS=watchman.checks.caches")]
    [InlineData("Checks", "caches (\"a, b\" is rejected)", "Healthz__Checks", "Healthz__Checks=a,caches,b")]
    public void A_setting_is_shown_with_its_source(string name, string shown, string source, params string[] settings) =>
        Assert.Contains(new ConfigurationValue(name, shown, source), Settings.Read(settings).Values);

    [Fact]
    public void Whether_the_probe_is_on_is_shown_where_nobody_says_so() =>
        Assert.Contains(new ConfigurationValue("enabled", "no", "default"), HealthzConfiguration.Read(Settings.Of()).Values);

    [Fact]
    public void A_front_door_says_that_the_probe_is_off() => Assert.Equal(
        ["warning: every route answers 404, and nothing is recorded, until ENABLE_HEALTHZ_ENDPOINT is true"],
        Settings.Read("ENABLE_HEALTHZ_ENDPOINT=false", "Healthz__Slo=100").Notices);

    [Fact]
    public void A_front_door_says_what_is_wrong_and_then_what_is_remarkable()
    {
        var notices = Settings.Read("Healthz__Slo=100").Notices.ToList();

        Assert.StartsWith("error: invalid configuration: Healthz__Slo is \"100\"; expected ", notices[0], StringComparison.Ordinal);
        Assert.StartsWith("no cache is probed", notices[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_over_the_history_needs_no_target()
    {
        var settings = Settings.Of("ENABLE_HEALTHZ_ENDPOINT=true", "Healthz__Caches__default=http://cache");

        Assert.Empty(HealthzConfiguration.ReadForHistory(settings).Problems);
        Assert.Equal(2, HealthzConfiguration.Read(settings).Problems.Count);
    }

    [Theory]
    [InlineData("DATABASE_URL=")]
    [InlineData("REDIS_URL=")]
    public void What_is_empty_gets_no_remark(string setting) => Assert.DoesNotContain(
        Settings.Read(setting).Remarks, remark => remark.Contains("is not read", StringComparison.Ordinal));
}
