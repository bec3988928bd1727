using Caluma.Healthz.Configuration;
using Caluma.Healthz.Recording;

namespace Caluma.Healthz.Server.Serving;

/// <summary>The timer of the server: records a run at each tick of the schedule, on one of its replicas.</summary>
internal sealed class RecordingService(Recorder recorder, RecorderLease lease, HealthzConfiguration configuration, TimeProvider time)
    : BackgroundService
{
    private const string Source = "server";

    /// <summary>A timer waits for at most 49 days, and the clock may be set meanwhile.</summary>
    private static readonly TimeSpan _maxWait = TimeSpan.FromMinutes(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lease.ReleaseAsync();
    }

    /// <summary>Records until it is stopped. It runs where the caller does: nothing here asks for a thread.</summary>
    internal async Task RecordAsync(CancellationToken stoppingToken)
    {
        recorder.WarnOfSilentRules();
        while (true)
        {
            var expected = await UntilNextTickAsync(stoppingToken);

            // After the machine has slept, the newest tick counts; the ticks before it are missing.
            var tick = configuration.Options.Schedule.Last(time.GetUtcNow());
            if (await lease.TryHoldAsync(stoppingToken))
            {
                await recorder.RecordAsync(tick, late: tick != expected, Source, stoppingToken);
            }
            else
            {
                await recorder.FlushAsync(stoppingToken);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RecordAsync(stoppingToken);

    /// <returns>The tick.</returns>
    private async Task<DateTimeOffset> UntilNextTickAsync(CancellationToken cancellationToken)
    {
        var expected = DateTimeOffset.MaxValue;
        while (true)
        {
            var now = time.GetUtcNow();
            if (expected <= now)
            {
                return expected;
            }

            // An earlier tick if the clock was set back meanwhile.
            var next = configuration.Options.Schedule.Next(now);
            expected = next < expected ? next : expected;
            var left = expected - now;

            // A delay is cut to whole milliseconds: of less than one, this loop would spin until it is over.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            await Task.Delay(wait < _maxWait ? wait : _maxWait, time, cancellationToken);
        }
    }
}
