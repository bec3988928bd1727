namespace Caluma.Healthz.Trends;

/// <summary>Compares the latency of the newest whole hour with the usual one at that time of day.</summary>
/// <param name="P95Ms">The p95 of that hour, in milliseconds.</param>
/// <param name="BaselineMs">The usual p95 at that hour of the day, in milliseconds.</param>
internal sealed record Drift(double P95Ms, double BaselineMs)
{
    /// <summary>The number of days before, one of which is the same day of the week.</summary>
    public const int DaysCompared = 7;

    /// <summary>With fewer of them known nothing is usual.</summary>
    public const int MinDaysCompared = 3;

    private const int MinHoursInARow = 2;
    private const int MinHoursOfTail = 6;
    private const int TailTimesPool = 3;

    /// <summary>
    /// This many of the seven days may have a higher p95 than the usual one. Weekends are lower, so the usual p95 is that of a working
    /// day.
    /// </summary>
    private const int DaysAbove = 3;

    /// <summary>An alert resolves at this factor. Between this factor and the one that triggers, it stays as it is.</summary>
    private const double MaxTimesToResolve = 1.5;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private bool IsTailLarge => P95Ms > 2 * BaselineMs && IsFelt;

    /// <summary>People do not notice a smaller difference.</summary>
    private bool IsFelt => P95Ms > BaselineMs + 50;

    private bool IsTailSmall => P95Ms <= MaxTimesToResolve * BaselineMs || P95Ms <= BaselineMs + 25;

    /// <param name="hours">In the order of time.</param>
    /// <returns>Null where there are not enough hours to tell.</returns>
    internal static Drift? Of(IReadOnlyList<HourPoint> hours) => At(hours, hours.Count - 1);

    /// <summary>
    /// Decides by the newest hours whether the alert triggers or resolves. It triggers where their level is higher than usual
    /// (<see cref="LevelHistory"/>), or where the tail of six in a row is. Where one p95 covers several hours, a slow hour counts in each
    /// of them, so a tail needs three times as many.
    /// </summary>
    /// <param name="hours">In the order of time.</param>
    /// <returns>Null where there are not enough hours to tell.</returns>
    internal static (bool Triggers, bool Resolves, DateTimeOffset Since)? Evaluate(IReadOnlyList<HourPoint> hours)
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

        var newest = hours[^1].Start;
        var levels = new LevelHistory(hours);
        if (row[0].IsFelt && levels.FindSlow() is { } slow)
        {
            return (true, false, hours.First(hour => hour.Start > newest - (slow * _hour)).Start);
        }

        return (
            row.Count == ofTail && row.TrueForAll(drift => drift.IsTailLarge),
            row.Count >= inARow && row.Take(inARow).All(drift => drift.IsTailSmall)
                && Enumerable.Range(0, MinHoursInARow).All(back => !(levels.FactorAt(back) > MaxTimesToResolve)),
            hours[^row.Count].Start);
    }

    private static bool IsNext(IReadOnlyList<HourPoint> hours, int at) =>
        at >= 0 && (at == hours.Count - 1 || hours[at].Start == hours[at + 1].Start - _hour);

    private static Drift? At(IReadOnlyList<HourPoint> hours, int at)
    {
        if (at < 0 || hours[at] is not { P95: { } p95, Start: var start } || hours[0].Start > start.AddDays(-DaysCompared))
        {
            return null;
        }

        var history = new HourHistory(hours);
        var (days, weekAgo) = (0, 0d);
        Span<double> usual = stackalloc double[DaysCompared];
        for (var day = 1; day <= DaysCompared; day++)
        {
            if (Max(history, start.AddDays(-day)) is { } max)
            {
                // A weekly load, such as on Mondays, is on only one of these days: the one a week ago.
                (usual[days], days, weekAgo) = (max, days + 1, day == DaysCompared ? max : 0);
            }
        }

        if (days < MinDaysCompared)
        {
            return null;
        }

        usual[..days].Sort();
        return new Drift(p95, Math.Max(usual[Math.Max(0, days - 1 - DaysAbove)], weekAgo));
    }

    /// <summary>
    /// The maximum p95 of an hour and its neighbours: a busy time may begin an hour earlier or later, as with summer time.
    /// </summary>
    private static double? Max(HourHistory history, DateTimeOffset start)
    {
        double? max = null;
        for (var hour = -1; hour <= 1; hour++)
        {
            if (history.At(start.AddHours(hour)) is { P95: { } p95 })
            {
                max = Math.Max(p95, max ?? 0);
            }
        }

        return max;
    }
}
