namespace Caluma.Healthz.History;

/// <summary>A record of the log.</summary>
/// <param name="Record">The record.</param>
/// <param name="End">The end of its line, at which the next record begins.</param>
internal sealed record ReadRecord(RunRecord Record, LogPosition End);
