namespace Caluma.Healthz.Trends;

/// <summary>Compares the latency of the newest whole hour with the usual one at that time of day.</summary>
/// <param name="P95Ms">The p95 of that hour, in milliseconds.</param>
/// <param name="BaselineMs">The usual p95 at that hour of the day, in milliseconds.</param>
internal sealed record Drift(double P95Ms, double BaselineMs)
{
    private const int DaysCompared = 7;
    private const int MinDaysCompared = 3;
    private const int MinHoursInARow = 2;
    private const int MinHoursOfTail = 6;
    private const int TailTimesPool = 3;

    /// <summary>The p95 of most days is no larger: of a working week and its weekend, those of the working days.</summary>
    private const int DaysAboveP95 = 3;

    /// <summary>The median scatters less, and so is compared with the second largest.</summary>
    private const int DaysAboveP50 = 1;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    /// <summary>The median of the same hour, in milliseconds.</summary>
    public double P50Ms { get; init; }

    /// <summary>The usual median at that hour of the day, in milliseconds.</summary>
    public double P50BaselineMs { get; init; }

    /// <summary>The number of hours that are pooled.</summary>
    private int Pooled { get; init; }

    /// <summary>Where many hours are pooled, most of them lie before a change at first.</summary>
    private double Nearly => Pooled > LatencyPool.MinHours ? 1.4 : 1.5;

    private bool IsTailLarge => P95Ms > 2 * BaselineMs && P95Ms > BaselineMs + 50;

    /// <summary>
    /// One of the two over twice, and the other over 1.5 times: a tail alone scatters, and of two modes so does the median.
    /// </summary>
    private bool IsLarge => P95Ms > BaselineMs + 50
        && ((P95Ms > 2 * BaselineMs && P50Ms > Nearly * P50BaselineMs) || (P95Ms > Nearly * BaselineMs && P50Ms > 2 * P50BaselineMs));

    /// <summary>Half of the limits above: between the two, an alert stays as it is.</summary>
    private bool IsSmall => P95Ms <= 1.5 * BaselineMs || P95Ms <= BaselineMs + 25;

    /// <param name="hours">In the order of time.</param>
    /// <returns>Null where there are not enough hours to tell.</returns>
    internal static Drift? Of(IReadOnlyList<HourPoint> hours) => At(hours, hours.Count - 1);

    /// <summary>
    /// What the newest hours say: two in a row, or six of which the tail alone is slow. Where hours are looked at together, one that
    /// was slow is in several that follow: it takes half as many as that in a row, and three times as many of a tail.
    /// </summary>
    /// <param name="hours">In the order of time.</param>
    /// <returns>Null where there are not enough hours to tell.</returns>
    internal static (bool Triggers, bool Resolves, DateTimeOffset Since)? Judge(IReadOnlyList<HourPoint> hours)
    {
        var pooled = hours.Count == 0 ? 0 : hours[^1].Hours;
        var (inARow, ofTail) = (Math.Max(MinHoursInARow, pooled / 2), Math.Max(MinHoursOfTail, pooled * TailTimesPool));
        var row = new List<Drift>();
        for (var (at, isTail) = (hours.Count - 1, true); row.Count < inARow || (isTail && row.Count < ofTail); at--)
        {
            if (!IsNext(hours, at) || At(hours, at) is not { } drift)
            {
                break;
            }

            row.Add(drift);
            isTail &= drift.IsTailLarge;
        }

        if (row.Count == 0)
        {
            return null;
        }

        var newest = row.Take(inARow).ToList();
        var isSlow = newest.Count == inARow && newest.TrueForAll(drift => drift.IsLarge);
        var isTailSlow = row.Count == ofTail && row.TrueForAll(drift => drift.IsTailLarge);
        return (
            isSlow || isTailSlow,
            newest.Count == inARow && newest.TrueForAll(drift => drift.IsSmall),
            hours[^(isTailSlow ? ofTail : newest.Count)].Start);
    }

    private static bool IsNext(IReadOnlyList<HourPoint> hours, int at) =>
        at >= 0 && (at == hours.Count - 1 || hours[at].Start == hours[at + 1].Start - _hour);

    private static Drift? At(IReadOnlyList<HourPoint> hours, int at)
    {
        if (at < 0 || hours[at] is not { P95: { } p95, P50: { } p50, Start: var start } || hours[0].Start > start.AddDays(-DaysCompared))
        {
            return null;
        }

        var history = new HourHistory(hours);
        var (days, weekAgo) = (0, default((double P50, double P95)?));
        Span<double> p50s = stackalloc double[DaysCompared], p95s = stackalloc double[DaysCompared];
        for (var day = 1; day <= DaysCompared; day++)
        {
            weekAgo = Largest(history, start.AddDays(-day));
            if (weekAgo is { } usual)
            {
                (p50s[days], p95s[days], days) = (usual.P50, usual.P95, days + 1);
            }
        }

        return days < MinDaysCompared ? null : new Drift(p95, Usual(p95s[..days], DaysAboveP95, weekAgo?.P95))
        {
            P50Ms = p50,
            P50BaselineMs = Usual(p50s[..days], DaysAboveP50, weekAgo?.P50),
            Pooled = hours[at].Hours,
        };

        // A load of Mondays alone is seen once a week.
        static double Usual(Span<double> days, int above, double? weekAgo)
        {
            days.Sort();
            return Math.Max(days[Math.Max(0, days.Length - 1 - above)], weekAgo ?? 0);
        }
    }

    /// <summary>
    /// The largest of an hour and its neighbours, so that a busy time may begin an hour earlier or later, as with summer time.
    /// </summary>
    private static (double P50, double P95)? Largest(HourHistory history, DateTimeOffset start)
    {
        (double P50, double P95)? largest = null;
        for (var hour = -1; hour <= 1; hour++)
        {
            if (history.At(start.AddHours(hour)) is { P50: { } p50, P95: { } p95 })
            {
                largest = (Math.Max(p50, largest?.P50 ?? 0), Math.Max(p95, largest?.P95 ?? 0));
            }
        }

        return largest;
    }
}
