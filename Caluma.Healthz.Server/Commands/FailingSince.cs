using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Finds the start of current failures in the history, if there is one and it answers soon.</summary>
internal static class FailingSince
{
    /// <summary>The time limit; the answer does not wait longer for it.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyDictionary<(Check Check, string Target), DateTimeOffset>> ReadAsync(
        IServiceProvider services, RunReport report, CancellationToken cancellationToken)
    {
        if (report.Ok || services.GetService<DocumentStore>() is not { } documents)
        {
            return new Dictionary<(Check, string), DateTimeOffset>();
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_longest);
        try
        {
            var state = (await documents.ReadAsync(TrendState.BlobName, TrendsJson.Default.TrendState, deadline.Token)).Value;

            // A recorder that has stopped cannot tell whether the failing went on.
            var schedule = services.GetRequiredService<HealthzConfiguration>().Options.Schedule;
            var isCurrent = state?.Newest >= schedule.Last(schedule.Last(report.StartedAt).AddTicks(-1)).AddTicks(-1);
            return (isCurrent ? state!.Series : [])
                .Where(series => series.Ok is false)
                .ToDictionary(series => (series.Check, series.Target), series => series.Since);
        }
        catch (Exception exception) when (
            !cancellationToken.IsCancellationRequested && (exception is OperationCanceledException || HistoryFailure.Covers(exception)))
        {
            return new Dictionary<(Check, string), DateTimeOffset>();
        }
    }
}
