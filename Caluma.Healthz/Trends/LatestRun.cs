using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// <c>latest.json</c>: the newest run, the open alerts, and the incidents that are open or may be reopened, written after the announcement.
/// So it shows which changes were announced, where the state was lost or replaced by an older one.
/// </summary>
/// <param name="Record">The newest run.</param>
/// <param name="Alerts">The alerts that are open.</param>
/// <param name="Sequence">The sequence number of the state whose changes were announced last.</param>
internal sealed record LatestRun(RunRecord Record, IReadOnlyList<Alert> Alerts, long Sequence)
{
    /// <summary>The path of the document.</summary>
    public const string BlobName = "latest.json";

    /// <summary>How long past incidents are kept here: longer than the engine looks back. Older ones are only in the state.</summary>
    private static readonly TimeSpan _recent = TimeSpan.FromDays(1);

    /// <summary>The incidents that are open or may be reopened; null in a document of an earlier version.</summary>
    public IReadOnlyList<IncidentState>? Incidents { get; init; }

    /// <summary>Makes the document of a state whose changes are announced.</summary>
    /// <param name="record">The newest run.</param>
    /// <param name="state">The state after it.</param>
    public static LatestRun Of(RunRecord record, TrendState state)
    {
        var first = state.Open.Select(alert => alert.Triggered).Append(record.Tick).Min() - _recent;
        return new LatestRun(record, state.Open, state.Sequence)
        {
            Incidents = [.. state.Incidents.Where(incident => !(incident.Incident.Resolved < first))],
        };
    }
}
