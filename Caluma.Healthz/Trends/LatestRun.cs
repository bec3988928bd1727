using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// <c>latest.json</c>: the newest run, and the alerts that are open, written once they are announced. So it also tells, after the state was
/// lost or an older one came back, what has been announced.
/// </summary>
/// <param name="Record">The newest run.</param>
/// <param name="Alerts">What is open.</param>
/// <param name="Sequence">Of the state whose changes were announced last.</param>
internal sealed record LatestRun(RunRecord Record, IReadOnlyList<Alert> Alerts, long Sequence)
{
    /// <summary>Where it is kept.</summary>
    public const string BlobName = "latest.json";
}
