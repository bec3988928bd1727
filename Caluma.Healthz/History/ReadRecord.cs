namespace Caluma.Healthz.History;

/// <summary>A record that was read from the log.</summary>
/// <param name="Record">The record.</param>
/// <param name="End">Where its line ends: who reads on from there reads what comes after it.</param>
internal sealed record ReadRecord(RunRecord Record, LogPosition End);
