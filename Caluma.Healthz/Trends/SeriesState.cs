using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>What is to be known of one check on one target to judge its next run: no more, whatever the schedule.</summary>
internal sealed class SeriesState
{
    /// <summary>How many runs a p95 needs.</summary>
    public const int MinPassesForP95 = 20;

    private const int MaxChanges = 64;

    /// <summary>How long hours are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(8);

    /// <summary>How many hours may stand for one.</summary>
    public static readonly TimeSpan MaxPool = TimeSpan.FromDays(1);

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _fiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan _maxOfMinutes = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _maxOfFiveMinutes = TimeSpan.FromHours(6);

    /// <summary>The check.</summary>
    public required Check Check { get; init; }

    /// <summary>The alias.</summary>
    public required string Target { get; init; }

    /// <summary>The earliest run: where the clock was ahead at first, not the first.</summary>
    public required DateTimeOffset First { get; set; }

    /// <summary>The newest run, one during maintenance or not.</summary>
    public DateTimeOffset Newest { get; set; }

    /// <summary>The newest run that counts.</summary>
    public DateTimeOffset? NewestCounted { get; set; }

    /// <summary>The verdict of the newest run that counts.</summary>
    public bool? Ok { get; set; }

    /// <summary>Its reason, where it failed.</summary>
    public Reason? Reason { get; set; }

    /// <summary>The first run in a row with this verdict.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The newest run that counts and failed, by its time.</summary>
    public DateTimeOffset? LastFailure { get; set; }

    /// <summary>The newest run that failed after one that had failed, by its time.</summary>
    public DateTimeOffset? LastPair { get; set; }

    /// <summary>How many runs in a row have the verdict, without a gap between them.</summary>
    public int Streak { get; set; }

    /// <summary>The first of those.</summary>
    public DateTimeOffset StreakSince { get; set; }

    /// <summary>When the verdict has changed lately.</summary>
    [JsonRequired]
    public List<DateTimeOffset> Changes { get; init; } = [];

    /// <summary>When each rule on the error budget has last seen it burn at least half as fast as it looks for.</summary>
    [JsonRequired]
    public SortedDictionary<AlertRule, DateTimeOffset> Burned { get; init; } = [];

    /// <summary>The last ten minutes, for windows as short as that.</summary>
    [JsonRequired]
    public List<TimeBucket> Minutes { get; init; } = [];

    /// <summary>The last seven hours, by five minutes, for windows up to 6 h.</summary>
    [JsonRequired]
    public List<TimeBucket> FiveMinutes { get; init; } = [];

    /// <summary>The last eight days without the current hour.</summary>
    [JsonRequired]
    public List<HourPoint> Hours { get; init; } = [];

    /// <summary>The current hour.</summary>
    public TimeBucket? Hour { get; set; }

    /// <summary>Whether the newest whole hour is still to be judged: with the next run that counts.</summary>
    public bool IsHourUnjudged { get; set; }

    /// <summary>What the p95 of the next hour is made of.</summary>
    [JsonRequired]
    public LatencyPool Pool { get; init; } = new();

    [JsonIgnore]
    public Series Series => new(Check, Target);

    /// <summary>How fine a window of this length is looked at.</summary>
    public static TimeSpan ResolutionOf(TimeSpan window) =>
        window <= _maxOfMinutes ? _minute : window <= _maxOfFiveMinutes ? _fiveMinutes : _hour;

    /// <summary>Takes a run in.</summary>
    public void Add(DateTimeOffset tick, CheckRecord check, bool maintenance, RuleWindows windows)
    {
        Newest = tick;
        First = tick < First ? tick : First;
        BucketOf(Minutes, tick, _minute).Add(tick, check, maintenance);
        BucketOf(FiveMinutes, tick, _fiveMinutes).Add(tick, check, maintenance);
        AddToHour(tick, check, maintenance);
        if (!maintenance)
        {
            AddVerdict(tick, check, windows);
        }

        Forget(tick, windows.Flapping);
    }

    /// <summary>Takes a whole hour in that was rolled up, and is before all others.</summary>
    public void Restore(DateTimeOffset start, SeriesRollup rollup)
    {
        if (rollup.Runs == 0)
        {
            return;
        }

        var failed = rollup.Runs - rollup.Ok;
        Hours.Add(Pool.Close(new TimeBucket
        {
            Start = start,
            Runs = rollup.Runs,
            Failed = failed,
            TimedOut = rollup.Reasons.GetValueOrDefault(Healthz.Reason.Timeout),
            FirstFailed = failed > 0 ? start : null,
            Excluded = rollup.Excluded,
            Latency = rollup.Latency,
        }));
        if (failed > 0)
        {
            LastFailure = start + _hour;
        }
    }

    /// <summary>
    /// How many runs count in the window of this length that ends now, and how many of them failed; none, where none failed.
    /// </summary>
    public (int Runs, int Failed) Count(DateTimeOffset now, TimeSpan window)
    {
        var (runs, failed) = (0, 0);
        if (!(LastFailure > now - window))
        {
            // So it is nearly always, and there is no need to look.
            return (0, 0);
        }

        var resolution = ResolutionOf(window);
        if (resolution == _hour)
        {
            foreach (var hour in Timeline.In(Hours, hour => hour.Start, now, window))
            {
                runs += hour.Runs;
                failed += hour.Failed;
            }

            return Hour is { } current
                && Timeline.IsIn(current.Start, now, window) ? (runs + current.Runs, failed + current.Failed) : (runs, failed);
        }

        foreach (var bucket in Timeline.In(resolution == _minute ? Minutes : FiveMinutes, bucket => bucket.Start, now, window))
        {
            runs += bucket.Runs;
            failed += bucket.Failed;
        }

        return (runs, failed);
    }

    /// <summary>How many changes of verdict are known up to now.</summary>
    public int CountChanges(DateTimeOffset now)
    {
        var count = 0;
        foreach (var change in Changes)
        {
            count += change <= now ? 1 : 0;
        }

        return count;
    }

    /// <summary>The first run that failed in the window of this length that ends now; null where none has.</summary>
    public DateTimeOffset? FirstFailure(DateTimeOffset now, TimeSpan window) => ResolutionOf(window) == _hour
        ? Hours.Where(hour => Timeline.IsIn(hour.Start, now, window)).Select(hour => hour.FirstFailed).Append(Hour?.FirstFailed).Min()
        : Buckets(now, window).Min(bucket => bucket.FirstFailed);

    /// <summary>The buckets of the window of this length that ends now; of one of a day or more, only the current hour.</summary>
    public IEnumerable<TimeBucket> Buckets(DateTimeOffset now, TimeSpan window)
    {
        var resolution = ResolutionOf(window);
        var buckets = resolution == _minute ? Minutes : resolution == _fiveMinutes ? FiveMinutes : Hour is { } hour ? [hour] : [];
        return buckets.Where(bucket => Timeline.IsIn(bucket.Start, now, window));
    }

    private static TimeBucket BucketOf(List<TimeBucket> buckets, DateTimeOffset tick, TimeSpan width) =>
        Timeline.At(buckets, Timeline.Floor(tick, width), bucket => bucket.Start, start => new TimeBucket { Start = start });

    private void AddToHour(DateTimeOffset tick, CheckRecord check, bool maintenance)
    {
        var start = Timeline.Floor(tick, _hour);
        if (Hour is { } current && start > current.Start)
        {
            if (current.Runs > 0)
            {
                Hours.Add(Pool.Close(current));
                IsHourUnjudged = true;
            }

            Hour = null;
        }

        if (Hour is null || start == Hour.Start)
        {
            Hour ??= new TimeBucket { Start = start };
            Hour.Add(tick, check, maintenance);
        }
        else if (!maintenance)
        {
            // The clock went back: the run counts where it says it was, and its latency is too late for a p95.
            var hour = Timeline.At(Hours, start, hour => hour.Start, start => new HourPoint { Start = start });
            hour.Runs++;
            hour.Failed += check.Ok ? 0 : 1;
            hour.FirstFailed = check.Ok || hour.FirstFailed <= tick ? hour.FirstFailed : tick;
        }
    }

    private void AddVerdict(DateTimeOffset tick, CheckRecord check, RuleWindows windows)
    {
        var hasGap = NewestCounted is { } newest && windows.IsGap(newest, tick);
        NewestCounted = tick;
        if (Ok == check.Ok && !hasGap)
        {
            Streak++;
        }
        else
        {
            (StreakSince, Streak) = (tick, 1);
        }

        if (Ok != check.Ok)
        {
            if (Ok is not null)
            {
                Changes.Add(tick);
            }

            Since = tick;
        }

        (Ok, Reason) = (check.Ok, check.Reason);
        if (!check.Ok && !(LastFailure > tick))
        {
            LastFailure = tick;
        }

        if (!check.Ok && Streak > 1 && !(LastPair > tick))
        {
            LastPair = tick;
        }
    }

    private void Forget(DateTimeOffset tick, TimeSpan flapping)
    {
        if (Changes.Count > 0)
        {
            Changes.RemoveAll(change => change <= tick - flapping);
            Changes.RemoveRange(0, Math.Max(0, Changes.Count - MaxChanges));
        }

        Forget(Minutes, bucket => bucket.Start <= tick - _maxOfMinutes);
        Forget(FiveMinutes, bucket => bucket.Start <= tick - _maxOfFiveMinutes - _hour);
        Forget(Hours, hour => hour.Start <= tick - Kept);
    }

    private static void Forget<T>(List<T> buckets, Predicate<T> isOld)
    {
        var old = 0;
        while (old < buckets.Count && isOld(buckets[old]))
        {
            old++;
        }

        buckets.RemoveRange(0, old);
    }
}
