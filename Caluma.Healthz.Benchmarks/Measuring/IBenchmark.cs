namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>Measures some rows of the table.</summary>
internal interface IBenchmark
{
    /// <summary>What <c>--only</c> calls it.</summary>
    string Name { get; }

    /// <summary>What it measures, for the help.</summary>
    string Summary { get; }

    /// <param name="bench">What it is measured with.</param>
    /// <param name="rounds">How often, each in turn with what it is compared with.</param>
    /// <returns>The rows, each as soon as it is measured.</returns>
    IAsyncEnumerable<Row> MeasureAsync(Bench bench, int rounds);
}
