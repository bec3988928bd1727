namespace Caluma.Healthz.Tests.Endurance;

/// <summary>What a history holds after some runs. It grows by design, by a log and a rollup a day; none of this may.</summary>
/// <param name="Surplus">
/// The blobs beyond a log for each day of the retention, a rollup for each day, a summary for each month, and one of each other document.
/// </param>
/// <param name="BytesARun">The bytes in the logs for each run.</param>
/// <param name="StateKb">The state of the alerts, in KB, without its incidents.</param>
/// <param name="LatestKb">The latest run, in KB, without its incidents.</param>
/// <param name="RollupKb">The rollup of the last whole day, in KB, or of the first one.</param>
/// <param name="RecentKb">The summary of the newest days, in KB; 0 on the first day.</param>
/// <param name="Requests">The requests to the storage for each run since the last sample.</param>
/// <param name="Incidents">The incidents in the state, of which the newest hundred are kept.</param>
internal sealed record StoredSample(
    long Surplus, double BytesARun, double StateKb, double LatestKb, double RollupKb, double RecentKb, double Requests, int Incidents);
