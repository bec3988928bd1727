namespace Caluma.Healthz.History;

/// <summary>Records that were appended to the log in one block.</summary>
/// <param name="Start">The start of the block.</param>
/// <param name="End">The end of the block.</param>
/// <param name="Records">The records.</param>
internal sealed record AppendedBlock(LogPosition Start, LogPosition End, IReadOnlyList<RunRecord> Records);
