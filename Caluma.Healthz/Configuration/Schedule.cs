using NCrontab;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// When runs are recorded: an NCRONTAB expression of five fields, or of six with seconds, in UTC, as the timer trigger reads it.
/// </summary>
internal sealed class Schedule
{
    /// <summary>As often as a recorder may run: a shorter one would start before a timeout of the default length has passed.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(5);

    /// <summary>How far back the newest occurrence is looked for, in growing steps; the last covers 29 February.</summary>
    private static readonly TimeSpan[] _lookBack =
        [TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1),
            TimeSpan.FromDays(31), TimeSpan.FromDays(366), TimeSpan.FromDays(9 * 366)];

    private static readonly TimeSpan _week = TimeSpan.FromDays(7);

    private readonly CrontabSchedule _crontab;

    /// <summary>Where all occurrences are equally far apart, the ticks of the first one of all time.</summary>
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

    /// <summary>As it was written.</summary>
    public string Expression { get; }

    /// <summary>
    /// The time from one occurrence to the next. Where it varies, three of four are no further apart: nights of an office's schedule
    /// are.
    /// </summary>
    public TimeSpan Interval { get; }

    /// <summary>Whether all occurrences are equally far apart.</summary>
    internal bool IsEven { get; }

    /// <param name="expression">The expression.</param>
    /// <param name="problem">What is wrong with it; empty where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static Schedule? Parse(string expression, out string problem)
    {
        if (Crontab(expression) is not { } crontab)
        {
            problem = "is not an NCRONTAB expression";
            return null;
        }

        // Those of a leap year, so that 29 February counts, and of a day more, for the way over the year's end. The start is exclusive,
        // and the end too.
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

        // Those looked at may be of one morning: each hour of a week and each day of the year begins as they do.
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
            // The end is exclusive, and the start too.
            if (_crontab.GetNextOccurrences(time.UtcDateTime - span, time.UtcDateTime.AddTicks(1)).LastOrDefault() is { Ticks: > 0 } last)
            {
                return Utc(last);
            }
        }

        throw new InvalidOperationException($"{Expression} has no occurrence in the nine years before {time:O}.");
    }

    /// <summary>How many occurrences there are from <paramref name="from"/> on and before <paramref name="to"/>.</summary>
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
            // A number that is too large for it.
            return null;
        }
    }

    /// <summary>The number of the newest occurrence before a time, where all are equally far apart.</summary>
    private long Before(long ticks) => (ticks - 1 - _first) / Interval.Ticks;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
