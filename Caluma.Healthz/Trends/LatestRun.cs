using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// <c>latest.json</c>: the newest run, the alerts that are open, and the incidents that are or that may go on, written once they are
/// announced. So it also tells, after the state was lost or an older one came back, what has been announced.
/// </summary>
/// <param name="Record">The newest run.</param>
/// <param name="Alerts">The alerts that are open.</param>
/// <param name="Sequence">Of the state whose changes were announced last.</param>
internal sealed record LatestRun(RunRecord Record, IReadOnlyList<Alert> Alerts, long Sequence)
{
    /// <summary>The path of the document.</summary>
    public const string BlobName = "latest.json";

    /// <summary>Longer before an alert than the engine asks for what explains it. What ended earlier is in the state alone.</summary>
    private static readonly TimeSpan _recent = TimeSpan.FromDays(1);

    /// <summary>The incidents that are open, and those that may explain an alert; null in what earlier versions have written.</summary>
    public IReadOnlyList<IncidentState>? Incidents { get; init; }

    /// <summary>What is to be known of a state once its changes are announced.</summary>
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
