using NCrontab;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// The schedule of recorded runs: an NCRONTAB expression of five fields, or of six with seconds, in UTC, as in a timer trigger.
/// </summary>
internal sealed class Schedule
{
    /// <summary>The shortest interval: a tick must not come before a run with the default timeout is over.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(5);

    /// <summary>How far back to look for the newest occurrence, in growing steps; the last covers 29 February.</summary>
    private static readonly TimeSpan[] _lookBack =
        [TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1),
            TimeSpan.FromDays(31), TimeSpan.FromDays(366), TimeSpan.FromDays(9 * 366)];

    private static readonly TimeSpan _week = TimeSpan.FromDays(7);

    private readonly CrontabSchedule _crontab;

    /// <summary>For equally spaced occurrences the ticks of the first one since year 1.</summary>
    private readonly long _first;

    private Schedule(string expression, CrontabSchedule crontab, TimeSpan interval, DateTime? even)
    {
        Expression = expression;
        _crontab = crontab;
        Interval = interval;
        IsEven = even is not null;
        _first = even is { } one ? one.Ticks % interval.Ticks : 0;
    }

    /// <summary>Every minute.</summary>
    public static Schedule EveryMinute { get; } = Parse("0 * * * * *", out _)!;

    /// <summary>The expression as it was written.</summary>
    public string Expression { get; }

    /// <summary>
    /// The time between two occurrences. Where it varies, the third quartile of all gaps, which leaves out the nights of an office-hours
    /// schedule.
    /// </summary>
    public TimeSpan Interval { get; }

    /// <summary>Whether all occurrences are equally far apart.</summary>
    internal bool IsEven { get; }

    /// <param name="expression">The expression.</param>
    /// <param name="problem">The problem; empty where there is none.</param>
    /// <returns>Null where the expression is invalid.</returns>
    public static Schedule? Parse(string expression, out string problem)
    {
        if (Crontab(expression) is not { } crontab)
        {
            problem = "is not an NCRONTAB expression";
            return null;
        }

        // A leap year, to have 29 February, and one more day, to have the turn of the year. Start and end are exclusive.
        var start = new DateTime(2028, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var occurrences = crontab.GetNextOccurrences(start, start.AddYears(1).AddDays(1)).Take(10_000).ToList();
        if (occurrences.Count == 0)
        {
            problem = "never fires";
            return null;
        }

        var intervals = occurrences.Zip(occurrences.Skip(1), (one, next) => next - one).Order().ToList();
        if (intervals is [var min, ..] && min < MinInterval)
        {
            problem = $"fires more often than every {MinInterval.TotalSeconds} s";
            return null;
        }

        problem = "";
        return intervals.Count == 0
            ? new Schedule(expression, crontab, TimeSpan.FromDays(366), even: null)
            : new Schedule(expression, crontab, intervals[intervals.Count * 3 / 4], IsEvenWith(intervals[^1]) ? occurrences[0] : null);

        // The occurrences above may all be of one morning, so each hour of a week and each day of the year is checked as well.
        bool IsEvenWith(TimeSpan interval) => intervals[0] == interval
            && interval <= _week
            && Enumerable.Range(0, 7 * 24).Select(hour => start.AddHours(hour))
                .Concat(Enumerable.Range(0, 366).Select(day => start.AddDays(day)))
                .All(time => crontab.GetNextOccurrence(time) is var next
                    && (next - occurrences[0]).Ticks % interval.Ticks == 0 && next - time <= interval);
    }

    /// <summary>The first occurrence after <paramref name="time"/>.</summary>
    public DateTimeOffset Next(DateTimeOffset time) => IsEven
        ? new DateTimeOffset(_first + ((Before(time.UtcTicks + 1) + 1) * Interval.Ticks), TimeSpan.Zero)
        : Utc(_crontab.GetNextOccurrence(time.UtcDateTime));

    /// <summary>The newest occurrence that is not after <paramref name="time"/>.</summary>
    public DateTimeOffset Last(DateTimeOffset time)
    {
        foreach (var span in _lookBack)
        {
            // Start and end are exclusive.
            if (_crontab.GetNextOccurrences(time.UtcDateTime - span, time.UtcDateTime.AddTicks(1)).LastOrDefault() is { Ticks: > 0 } last)
            {
                return Utc(last);
            }
        }

        throw new InvalidOperationException($"{Expression} has no occurrence in the nine years before {time:O}.");
    }

    /// <summary>The number of occurrences from <paramref name="from"/>, inclusive, to <paramref name="to"/>, exclusive.</summary>
    public int Count(DateTimeOffset from, DateTimeOffset to) => IsEven
        ? (int)Math.Max(0, Before(to.UtcTicks) - Before(from.UtcTicks))
        : _crontab.GetNextOccurrences(from.UtcDateTime.AddTicks(-1), to.UtcDateTime).Count();

    /// <summary>The expression.</summary>
    public override string ToString() => Expression;

    private static CrontabSchedule? Crontab(string expression)
    {
        var hasSeconds = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == 6;
        try
        {
            return CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = hasSeconds });
        }
        catch (OverflowException)
        {
            // NCrontab throws this for numbers that are too large.
            return null;
        }
    }

    /// <summary>The index of the newest occurrence before a time, for equally spaced occurrences.</summary>
    private long Before(long ticks) => (ticks - 1 - _first) / Interval.Ticks;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
