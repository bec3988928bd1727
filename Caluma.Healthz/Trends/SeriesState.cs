using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>The data that judge the next run of one check on one target. Their size does not depend on the schedule.</summary>
internal sealed class SeriesState
{
    /// <summary>The minimum of runs for a p95.</summary>
    public const int MinPassesForP95 = 20;

    private const int MaxChanges = 64;

    /// <summary>How long hours are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(8);

    /// <summary>The maximum of pooled hours.</summary>
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

    /// <summary>The earliest run, which need not have come first: a clock may have been ahead.</summary>
    public required DateTimeOffset First { get; set; }

    /// <summary>The newest run, including runs during maintenance.</summary>
    public DateTimeOffset Newest { get; set; }

    /// <summary>The newest run that counts.</summary>
    public DateTimeOffset? NewestCounted { get; set; }

    /// <summary>The verdict of the newest run that counts.</summary>
    public bool? Ok { get; set; }

    /// <summary>Its reason, where it failed.</summary>
    public Reason? Reason { get; set; }

    /// <summary>The first of the consecutive runs with this verdict.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The newest failed run that counts.</summary>
    public DateTimeOffset? LastFailure { get; set; }

    /// <summary>The newest failed run that directly followed a failed one.</summary>
    public DateTimeOffset? LastPair { get; set; }

    /// <summary>The number of consecutive runs with this verdict, without a gap.</summary>
    public int Streak { get; set; }

    /// <summary>The first of those consecutive runs.</summary>
    public DateTimeOffset StreakSince { get; set; }

    /// <summary>The recent changes of the verdict.</summary>
    [JsonRequired]
    public List<DateTimeOffset> Changes { get; init; } = [];

    /// <summary>The newest tick with at least half of the burn rate that triggers, for each burn rule.</summary>
    [JsonRequired]
    public SortedDictionary<AlertRule, DateTimeOffset> Burned { get; init; } = [];

    /// <summary>The last ten minutes, for windows of minutes.</summary>
    [JsonRequired]
    public List<TimeBucket> Minutes { get; init; } = [];

    /// <summary>The last seven hours in steps of five minutes, for windows up to 6 h.</summary>
    [JsonRequired]
    public List<TimeBucket> FiveMinutes { get; init; } = [];

    /// <summary>The last eight days without the current hour.</summary>
    [JsonRequired]
    public List<HourPoint> Hours { get; init; } = [];

    /// <summary>The current hour.</summary>
    public TimeBucket? Hour { get; set; }

    /// <summary>Whether the rules have not evaluated the newest whole hour yet. They do with the next run that counts.</summary>
    public bool IsHourUnjudged { get; set; }

    /// <summary>The hours before, for the p95 of the next hour.</summary>
    [JsonRequired]
    public LatencyPool Pool { get; init; } = new();

    [JsonIgnore]
    public Series Series => new(Check, Target);

    /// <summary>The buckets for a window of this length.</summary>
    public static TimeSpan ResolutionOf(TimeSpan window) =>
        window <= _maxOfMinutes ? _minute : window <= _maxOfFiveMinutes ? _fiveMinutes : _hour;

    /// <summary>Adds a run.</summary>
    public void Add(DateTimeOffset tick, CheckRecord check, bool maintenance, RuleWindows windows)
    {
        Newest = tick;
        First = tick < First ? tick : First;
        var row = maintenance ? RowEvent.None : AddVerdict(tick, check, windows);
        BucketOf(Minutes, tick, _minute).Add(tick, check, maintenance, row);
        BucketOf(FiveMinutes, tick, _fiveMinutes).Add(tick, check, maintenance, row);
        AddToHour(tick, check, maintenance, row);
        Forget(tick, windows.Flapping);
    }

    /// <summary>Adds a whole hour of a rollup, before any run.</summary>
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

    /// <summary>The runs and failures in the window of this length that ends now; none where no run failed.</summary>
    public RunCount Count(DateTimeOffset now, TimeSpan window)
    {
        var count = default(RunCount);
        if (!(LastFailure > now - window))
        {
            // The usual case, without a search.
            return count;
        }

        var resolution = ResolutionOf(window);
        if (resolution == _hour)
        {
            foreach (var hour in Timeline.In(Hours, hour => hour.Start, now, window))
            {
                count += hour.Count;
            }

            return Hour is { } current && Timeline.IsIn(current.Start, now, window) ? count + current.Count : count;
        }

        foreach (var bucket in Timeline.In(resolution == _minute ? Minutes : FiveMinutes, bucket => bucket.Start, now, window))
        {
            count += bucket.Count;
        }

        return count;
    }

    /// <summary>The number of changes of verdict up to now.</summary>
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

    /// <summary>The buckets of the window of this length that ends now; for a window of a day or more, only the current hour.</summary>
    public IEnumerable<TimeBucket> Buckets(DateTimeOffset now, TimeSpan window)
    {
        var resolution = ResolutionOf(window);
        var buckets = resolution == _minute ? Minutes : resolution == _fiveMinutes ? FiveMinutes : Hour is { } hour ? [hour] : [];
        return buckets.Where(bucket => Timeline.IsIn(bucket.Start, now, window));
    }

    private static TimeBucket BucketOf(List<TimeBucket> buckets, DateTimeOffset tick, TimeSpan width) =>
        Timeline.At(buckets, Timeline.Floor(tick, width), bucket => bucket.Start, start => new TimeBucket { Start = start });

    private void AddToHour(DateTimeOffset tick, CheckRecord check, bool maintenance, RowEvent row)
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
            Hour.Add(tick, check, maintenance, row);
        }
        else if (!maintenance)
        {
            // The clock went back: the run counts in its own hour, but its latency is too late for that hour's p95.
            var hour = Timeline.At(Hours, start, hour => hour.Start, start => new HourPoint { Start = start });
            hour.Runs++;
            hour.Failed += check.Ok ? 0 : 1;
            hour.SecondFailures += row == RowEvent.Second ? 1 : 0;
            hour.ShortRows += row == RowEvent.ShortRowEnds ? 1 : 0;
            hour.FirstFailed = check.Ok || hour.FirstFailed <= tick ? hour.FirstFailed : tick;
        }
    }

    private RowEvent AddVerdict(DateTimeOffset tick, CheckRecord check, RuleWindows windows)
    {
        var isEndOfShortRow = check.Ok && Ok == false && Streak <= 2;
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

        return isEndOfShortRow ? RowEvent.ShortRowEnds : !check.Ok && Streak == 2 ? RowEvent.Second : RowEvent.None;
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
