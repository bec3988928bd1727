using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>From times and milliseconds to places in a <see cref="LatencyChart"/>.</summary>
/// <param name="Start">Its left edge.</param>
/// <param name="Now">What is to the right of it is to come.</param>
/// <param name="End">Its right edge.</param>
/// <param name="LowestMs">Its foot.</param>
/// <param name="HighestMs">Its top.</param>
/// <param name="IsLog">Whether a line up is ten times as much; else all of them are as far apart.</param>
internal sealed record LatencyScale(
    DateTimeOffset Start, DateTimeOffset Now, DateTimeOffset End, double LowestMs, double HighestMs, bool IsLog)
{
    public const int Width = 1000;

    private const int LinesEnd = 182;

    /// <summary>From the power of ten below what was measured to above the timeout: so the distance to it can be seen.</summary>
    public static LatencyScale UpTo(double timeoutMs, List<PeriodTrend> points, DateTimeOffset start, DateTimeOffset now, TimeSpan ahead)
    {
        var lowest = Math.Clamp((points.Min(point => point.P50) ?? timeoutMs / 10) / 1.5, 0.1, timeoutMs / 2);
        return new LatencyScale(start, now, now + ahead, Math.Pow(10, Math.Floor(Math.Log10(lowest))), timeoutMs * 2, IsLog: true);
    }

    /// <summary>From nothing to what was measured: so small changes can be seen.</summary>
    public static LatencyScale Fitting(List<PeriodTrend> points, DateTimeOffset start, DateTimeOffset now, TimeSpan ahead) =>
        new(start, now, now + ahead, 0, Math.Max(points.Max(point => point.P95) ?? 1, 0.1) * 1.15, IsLog: false);

    /// <summary>Where the lines are that help to read it.</summary>
    /// <param name="below">What they must leave room for.</param>
    public IEnumerable<double> Lines(double below)
    {
        if (IsLog)
        {
            for (var ms = LowestMs; ms < below / 1.8; ms *= 10)
            {
                yield return ms;
            }

            yield break;
        }

        var step = Step(HighestMs / 5);
        for (var line = 0; line * step < HighestMs * 0.97; line++)
        {
            yield return line * step;
        }
    }

    public int X(DateTimeOffset time) => (int)Math.Round((time - Start) / (End - Start) * Width);

    public int Y(double milliseconds) => (int)Math.Round(LinesEnd - (Share(Math.Clamp(milliseconds, LowestMs, HighestMs)) * LinesEnd));

    private double Share(double ms) =>
        IsLog ? Math.Log(ms / LowestMs) / Math.Log(HighestMs / LowestMs) : (ms - LowestMs) / (HighestMs - LowestMs);

    /// <summary>The round number that is next: 1, 2 or 5 with as many zeros as it takes.</summary>
    private static double Step(double min)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(min)));
        return power * (min / power <= 1 ? 1 : min / power <= 2 ? 2 : min / power <= 5 ? 5 : 10);
    }
}
