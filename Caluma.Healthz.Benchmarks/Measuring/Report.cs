namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>What a run of the benchmarks has found.</summary>
/// <param name="Head">Where and of what.</param>
/// <param name="Rows">The table.</param>
/// <param name="Notes">What could not be measured here, and why.</param>
internal sealed record Report(Head Head, IReadOnlyList<Row> Rows, IReadOnlyList<string> Notes);
