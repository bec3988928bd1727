namespace Caluma.Healthz.History;

/// <summary>Records that were appended to the log at once.</summary>
/// <param name="Start">Where they begin.</param>
/// <param name="End">Where they end.</param>
/// <param name="Records">What they are.</param>
internal sealed record AppendedBlock(LogPosition Start, LogPosition End, IReadOnlyList<RunRecord> Records);
