using Caluma.Healthz.Configuration;
using Caluma.Healthz.Recording;

namespace Caluma.Healthz.Server.Serving;

/// <summary>The timer of the server: records a run at each tick of the schedule, on one of its replicas.</summary>
internal sealed class RecordingService(Recorder recorder, RecorderLease lease, HealthzConfiguration configuration, TimeProvider time) : BackgroundService
{
    private const string Source = "server";

    /// <summary>A timer waits for at most 49 days, and a clock may be set.</summary>
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lease.ReleaseAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var schedule = configuration.Options.Schedule;
        while (true)
        {
            var expected = schedule.Next(time.GetUtcNow());
            await UntilAsync(expected, stoppingToken);

            // After a machine has slept, the newest tick counts; those before it are missing.
            var tick = schedule.Last(time.GetUtcNow());
            if (await lease.TryHoldAsync(stoppingToken))
            {
                await recorder.RecordAsync(tick, late: tick != expected, Source, stoppingToken);
            }
        }
    }

    private async Task UntilAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        while (moment - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            await Task.Delay(left < _longestWait ? left : _longestWait, time, cancellationToken);
        }
    }
}
