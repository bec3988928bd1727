namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>Writes what a run of the benchmarks finds.</summary>
internal interface IReport
{
    /// <param name="head">Where and of what is measured.</param>
    void Begin(Head head);

    /// <param name="row">What was just measured.</param>
    void Add(Row row);

    /// <param name="notes">What could not be measured here, and why.</param>
    void End(IReadOnlyList<string> notes);
}
