using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>Makes histograms.</summary>
internal static class Latencies
{
    /// <param name="values">In milliseconds.</param>
    public static LatencyHistogram Of(params IEnumerable<double> values)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in values)
        {
            histogram.Add(value);
        }

        return histogram;
    }
}
