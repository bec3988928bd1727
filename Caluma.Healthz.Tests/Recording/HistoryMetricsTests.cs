using System.Globalization;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Runs;

namespace Caluma.Healthz.Tests.Recording;

public sealed class HistoryMetricsTests : IDisposable
{
    private readonly MemoryHistoryStorage _storage = new();
    private readonly Measurements _measurements = new();

    public void Dispose() => _measurements.Dispose();

    [Fact]
    public async Task An_outage_is_an_open_incident_made_of_open_alerts_until_it_is_over()
    {
        await using var probe = Start();
        await TickAsync(probe, "..");
        Assert.Empty(_measurements.Observe("healthz.incident.open"));

        await TickAsync(probe, "xxx");
        Assert.Equal(
            ["healthz.incident.open 1 [system, database],[target, default],[severity, critical],[reason, timeout]"],
            _measurements.Observe("healthz.incident.open"));
        Assert.Contains(
            "healthz.alert.open 1 [rule, unavailable],[severity, critical],[check, databases],[target, default]",
            _measurements.Observe("healthz.alert.open"));

        await TickAsync(probe, "..............");
        Assert.Empty(_measurements.Observe("healthz.incident.open"));
        Assert.DoesNotContain(
            _measurements.Observe("healthz.alert.open"), line => line.Contains("unavailable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_takes_its_part_of_the_budget_of_thirty_days()
    {
        await using var probe = Start();

        await TickAsync(probe, ".");
        Assert.Equal(
            ["healthz.budget.remaining 1 [check, databases],[target, default]"], _measurements.Observe("healthz.budget.remaining"));
        await TickAsync(probe, "x");

        // One of the 216 of 43,200 runs that may fail, or a little more: the first minute is not over.
        var left = Assert.Single(_measurements.Observe("healthz.budget.remaining")).Split(' ')[1];
        Assert.InRange(double.Parse(left, CultureInfo.InvariantCulture), 0.99, 0.9999);
    }

    [Fact]
    public async Task The_age_of_the_newest_record_grows_while_none_can_be_written()
    {
        await using var probe = Start();
        await TickAsync(probe, "..");
        Assert.Equal(["healthz.record.age 0"], _measurements.Observe("healthz.record.age"));

        _storage.Fault = _ => StorageFault.Refuse(403, "AuthorizationFailure");
        await TickAsync(probe, "...");
        Assert.Equal(["healthz.record.age 180"], _measurements.Observe("healthz.record.age"));

        _storage.Fault = null;
        await TickAsync(probe, ".");
        Assert.Equal(["healthz.record.age 0"], _measurements.Observe("healthz.record.age"));
    }

    [Fact]
    public async Task One_that_has_never_written_anything_is_as_old_as_its_first_try()
    {
        _storage.Fault = _ => StorageFault.Refuse(403, "AuthorizationFailure");
        await using var probe = Start();

        await TickAsync(probe, "...");

        Assert.Equal(["healthz.record.age 120"], _measurements.Observe("healthz.record.age"));
    }

    [Fact]
    public async Task A_process_that_records_nothing_any_more_says_nothing_of_the_history()
    {
        await using var probe = Start();
        await TickAsync(probe, "xxx");
        probe.Time.Advance(TimeSpan.FromSeconds(121));

        Assert.All(
            (string[])["healthz.record.age", "healthz.incident.open", "healthz.alert.open", "healthz.budget.remaining"],
            name => Assert.Empty(_measurements.Observe(name)));
        Assert.Equal(["healthz.schedule.interval 60"], _measurements.Observe("healthz.schedule.interval"));
    }

    private static async Task TickAsync(RecordedProbe probe, string runs)
    {
        foreach (var run in runs)
        {
            probe.Fails = run == 'x' ? Reason.Timeout : null;
            await probe.TickAsync();
        }
    }

    private RecordedProbe Start()
    {
        var probe = RecordedProbe.StartOn(_storage);
        _measurements.Measure(probe.Get<Recorder>);
        return probe;
    }
}
