using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Draws values as a line of characters, with other characters for failures, maintenance and gaps.</summary>
internal static class Sparkline
{
    /// <summary>The legend of the characters that are no bars.</summary>
    public const string Legend = "× failed, ~ maintenance, · nothing recorded";

    private const string Bars = "▁▂▃▄▅▆▇█";
    private const char Failed = '×';
    private const char Maintenance = '~';
    private const char Nothing = '·';

    /// <summary>The p95 of hours or days.</summary>
    public static string Of(IEnumerable<PeriodTrend> periods) => Of(
        [.. periods.Select(period => (period.Failed > 0, period is { Runs: 0, Excluded: > 0 }, period.P95))]);

    /// <param name="points">For each point whether it failed, whether it is maintenance, and its value.</param>
    public static string Of(IReadOnlyList<(bool Failed, bool Excluded, double? Value)> points)
    {
        var highest = points.Max(point => point.Value) ?? 0;
        var lowest = points.Min(point => point.Value) ?? 0;
        return string.Concat(points.Select(point => point switch
        {
            { Failed: true } => Failed,
            { Excluded: true } => Maintenance,
            { Value: null } => Nothing,
            { Value: { } value } =>
                Bars[highest <= lowest ? 0 : (int)Math.Round((value - lowest) / (highest - lowest) * (Bars.Length - 1))],
        }));
    }
}
