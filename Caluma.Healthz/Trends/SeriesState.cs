using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>What is to be known of one check on one target to judge its next run: no more, whatever the schedule.</summary>
internal sealed class SeriesState
{
    private const int LeastPassesForP95 = 4;
    private const double Quantile = 0.95;
    private const int MostChanges = 64;

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _fiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    /// <summary>What was checked.</summary>
    public required Check Check { get; init; }

    /// <summary>The alias.</summary>
    public required string Target { get; init; }

    /// <summary>The earliest run: where the clock was ahead at first, not the first.</summary>
    public required DateTimeOffset First { get; set; }

    /// <summary>The newest run, one during maintenance or not.</summary>
    public DateTimeOffset Newest { get; set; }

    /// <summary>The verdict of the newest run that counts.</summary>
    public bool? Ok { get; set; }

    /// <summary>Its reason, where it failed.</summary>
    public Reason? Reason { get; set; }

    /// <summary>The first run in a row with this verdict.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The newest run that counts and failed, by its time.</summary>
    public DateTimeOffset? LastFailure { get; set; }

    /// <summary>How many runs in a row have it.</summary>
    public int Streak { get; set; }

    /// <summary>When the verdict has changed within the last hour.</summary>
    [JsonRequired]
    public List<DateTimeOffset> Changes { get; init; } = [];

    /// <summary>The last ten minutes, for windows of 5 min.</summary>
    [JsonRequired]
    public List<TimeBucket> Minutes { get; init; } = [];

    /// <summary>The last seven hours, by five minutes, for windows from 30 min to 6 h.</summary>
    [JsonRequired]
    public List<TimeBucket> FiveMinutes { get; init; } = [];

    /// <summary>The last eight days without the current hour.</summary>
    [JsonRequired]
    public List<HourPoint> Hours { get; init; } = [];

    /// <summary>The current hour.</summary>
    public TimeBucket? Hour { get; set; }

    [JsonIgnore]
    public Series Series => new(Check, Target);

    /// <summary>How fine a window of this length is looked at.</summary>
    public static TimeSpan ResolutionOf(TimeSpan window) =>
        window < TimeSpan.FromMinutes(30) ? _minute : window < TimeSpan.FromDays(1) ? _fiveMinutes : _hour;

    /// <summary>Takes a run in.</summary>
    /// <returns>Whether it is the first one after a whole hour, which can be judged now.</returns>
    public bool Add(DateTimeOffset tick, CheckRecord check, bool maintenance)
    {
        Newest = tick;
        First = tick < First ? tick : First;
        BucketOf(Minutes, tick, _minute).Add(check, maintenance);
        BucketOf(FiveMinutes, tick, _fiveMinutes).Add(check, maintenance);
        var closed = AddToHour(tick, check, maintenance);
        if (!maintenance)
        {
            Judge(tick, check);
        }

        Forget(tick);
        return closed;
    }

    /// <summary>Takes a whole hour in that was rolled up, and is before all others.</summary>
    public void Restore(DateTimeOffset start, SeriesRollup rollup)
    {
        Hours.Add(Whole(start, rollup.Runs, rollup.Runs - rollup.Ok, rollup.Latency));
        if (rollup.Ok < rollup.Runs)
        {
            LastFailure = start + _hour;
        }
    }

    /// <summary>How many runs count in the window of this length that ends now, and how many of them failed; none, where none failed.</summary>
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

            return Hour is { } current && Timeline.IsIn(current.Start, now, window) ? (runs + current.Runs, failed + current.Failed) : (runs, failed);
        }

        foreach (var bucket in Timeline.In(resolution == _minute ? Minutes : FiveMinutes, bucket => bucket.Start, now, window))
        {
            runs += bucket.Runs;
            failed += bucket.Failed;
        }

        return (runs, failed);
    }

    /// <summary>The buckets of the window of this length that ends now; of one of a day or more, only the current hour.</summary>
    public IEnumerable<TimeBucket> Buckets(DateTimeOffset now, TimeSpan window)
    {
        var resolution = ResolutionOf(window);
        var buckets = resolution == _minute ? Minutes : resolution == _fiveMinutes ? FiveMinutes : Hour is { } hour ? [hour] : [];
        return buckets.Where(bucket => Timeline.IsIn(bucket.Start, now, window));
    }

    private static HourPoint Whole(DateTimeOffset start, int runs, int failed, LatencyHistogram latency) => new()
    {
        Start = start,
        Runs = runs,
        Failed = failed,
        P95 = latency.Count >= LeastPassesForP95 ? latency.Quantile(Quantile) : null,
    };

    private static TimeBucket BucketOf(List<TimeBucket> buckets, DateTimeOffset tick, TimeSpan width) =>
        Timeline.At(buckets, Timeline.Floor(tick, width), bucket => bucket.Start, start => new TimeBucket { Start = start });

    private bool AddToHour(DateTimeOffset tick, CheckRecord check, bool maintenance)
    {
        var start = Timeline.Floor(tick, _hour);
        var closed = false;
        if (Hour is { } current && start > current.Start)
        {
            Hours.Add(Whole(current.Start, current.Runs, current.Failed, current.Latency));
            Hour = null;
            closed = true;
        }

        if (Hour is null || start == Hour.Start)
        {
            Hour ??= new TimeBucket { Start = start };
            Hour.Add(check, maintenance);
        }
        else if (!maintenance)
        {
            // The clock went back: the run counts where it says it was, and its latency is too late for a p95.
            var hour = Timeline.At(Hours, start, hour => hour.Start, start => new HourPoint { Start = start });
            hour.Runs++;
            hour.Failed += check.Ok ? 0 : 1;
        }

        return closed;
    }

    private void Judge(DateTimeOffset tick, CheckRecord check)
    {
        if (Ok == check.Ok)
        {
            Streak++;
        }
        else
        {
            if (Ok is not null)
            {
                Changes.Add(tick);
            }

            (Since, Streak) = (tick, 1);
        }

        (Ok, Reason) = (check.Ok, check.Reason);
        if (!check.Ok && !(LastFailure > tick))
        {
            LastFailure = tick;
        }
    }

    private void Forget(DateTimeOffset tick)
    {
        if (Changes.Count > 0)
        {
            Changes.RemoveAll(change => change <= tick - _hour);
            Changes.RemoveRange(0, Math.Max(0, Changes.Count - MostChanges));
        }

        Forget(Minutes, bucket => bucket.Start <= tick - TimeSpan.FromMinutes(10));
        Forget(FiveMinutes, bucket => bucket.Start <= tick - TimeSpan.FromHours(7));
        Forget(Hours, hour => hour.Start <= tick - TimeSpan.FromDays(8));
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
