namespace Caluma.Healthz.Trends;

/// <summary>How the latency of the newest whole hour compares with the week before it.</summary>
/// <param name="P95Ms">The p95 of that hour, in milliseconds.</param>
/// <param name="BaselineMs">The median of the hourly p95 of the 7 days before it, in milliseconds.</param>
public sealed record Drift(double P95Ms, double BaselineMs)
{
    private const int LeastHours = 24;

    internal bool IsLarge => P95Ms > 2 * BaselineMs && P95Ms > BaselineMs + 50;

    /// <summary>Half of what makes it large: between the two, an alert stays as it is.</summary>
    internal bool IsSmall => P95Ms <= 1.5 * BaselineMs || P95Ms <= BaselineMs + 25;

    /// <param name="hours">In the order of time.</param>
    /// <returns>Null where there are not enough hours to tell.</returns>
    internal static Drift? Of(IReadOnlyList<HourPoint> hours)
    {
        if (hours is not [.., { P95: { } p95, Start: var last }])
        {
            return null;
        }

        var before = hours
            .Where(hour => hour.P95 is not null && hour.Start < last && hour.Start >= last - TimeSpan.FromDays(7))
            .Select(hour => hour.P95!.Value)
            .ToArray();
        return before.Length < LeastHours ? null : new Drift(p95, TheilSen.Median(before));
    }
}
