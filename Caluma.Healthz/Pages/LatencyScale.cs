using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>Maps times and milliseconds to places in a <see cref="LatencyChart"/>.</summary>
/// <param name="Start">The time of the left edge.</param>
/// <param name="Now">The time after which the forecast begins.</param>
/// <param name="End">The time of the right edge.</param>
/// <param name="MinMs">The latency at the foot.</param>
/// <param name="MaxMs">The latency at the top.</param>
/// <param name="IsLog">Whether the scale is logarithmic.</param>
internal sealed record LatencyScale(
    DateTimeOffset Start, DateTimeOffset Now, DateTimeOffset End, double MinMs, double MaxMs, bool IsLog)
{
    public const int Width = 1000;

    private const int LinesEnd = 182;

    /// <summary>The scale from the power of ten below the data to above the timeout, which shows the distance to the timeout.</summary>
    public static LatencyScale UpTo(double timeoutMs, List<PeriodTrend> points, DateTimeOffset start, DateTimeOffset now, TimeSpan ahead)
    {
        var lowest = Math.Clamp((points.Min(point => point.P50) ?? timeoutMs / 10) / 1.5, 0.1, timeoutMs / 2);
        return new LatencyScale(start, now, now + ahead, Math.Pow(10, Math.Floor(Math.Log10(lowest))), timeoutMs * 2, IsLog: true);
    }

    /// <summary>The scale from zero to the highest value, which shows small changes.</summary>
    public static LatencyScale Fitting(List<PeriodTrend> points, DateTimeOffset start, DateTimeOffset now, TimeSpan ahead) =>
        new(start, now, now + ahead, 0, Math.Max(points.Max(point => point.P95) ?? 1, 0.1) * 1.15, IsLog: false);

    /// <summary>The grid lines.</summary>
    /// <param name="below">The latency below which they must stay.</param>
    public IEnumerable<double> Lines(double below)
    {
        if (IsLog)
        {
            for (var ms = MinMs; ms < below / 1.8; ms *= 10)
            {
                yield return ms;
            }

            yield break;
        }

        var step = Step(MaxMs / 5);
        for (var line = 0; line * step < MaxMs * 0.97; line++)
        {
            yield return line * step;
        }
    }

    public int X(DateTimeOffset time) => (int)Math.Round((time - Start) / (End - Start) * Width);

    public int Y(double milliseconds) => (int)Math.Round(LinesEnd - (Share(Math.Clamp(milliseconds, MinMs, MaxMs)) * LinesEnd));

    private double Share(double ms) =>
        IsLog ? Math.Log(ms / MinMs) / Math.Log(MaxMs / MinMs) : (ms - MinMs) / (MaxMs - MinMs);

    /// <summary>The next round number: 1, 2 or 5 times a power of ten.</summary>
    private static double Step(double min)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(min)));
        return power * (min / power <= 1 ? 1 : min / power <= 2 ? 2 : min / power <= 5 ? 5 : 10);
    }
}
