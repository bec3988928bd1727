using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>The operator learns at once which rules can never trigger.</summary>
public sealed class SilentRuleTests
{
    private const string Event = "HealthzRuleCannotTrigger";

    [Fact]
    public async Task Rules_that_cannot_trigger_are_logged_once_with_the_first_record()
    {
        await using var probe = RecordedProbe.StartOn(
            new MemoryHistoryStorage(), time: null, "Healthz__Schedule=0 0 */6 * * *", "Healthz__Slo=90");

        await probe.TickAsync(3);

        Assert.Equal(
            [
                $"{Event} rule=burn-fast reason=14.4 times the 10 % of runs that may fail is more than all",
                $"{Event} rule=latency-drift reason=with a run every 6 h, 20 runs, which a p95 needs, take more than a day",
                $"{Event} rule=timeout-forecast reason=with a run every 6 h, 20 runs, which a p95 needs, take more than a day",
            ],
            probe.Events(Event));
        Assert.All(
            probe.Log.GetSnapshot().Where(record => record.Id.Name == Event), record => Assert.Equal(LogLevel.Warning, record.Level));
    }

    [Fact]
    public async Task A_server_logs_them_at_its_start()
    {
        await using var probe = RecordedProbe.StartOn(new MemoryHistoryStorage(), time: null, "Healthz__Slo=90");

        probe.Get<Recorder>().WarnOfSilentRules();

        Assert.Single(probe.Events(Event));
    }

    [Fact]
    public async Task With_the_default_settings_every_rule_can_trigger()
    {
        await using var probe = RecordedProbe.StartOn(new MemoryHistoryStorage());

        await probe.TickAsync();

        Assert.Empty(probe.Events(Event));
    }
}
