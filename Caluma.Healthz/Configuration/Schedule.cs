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

    private readonly CrontabSchedule _crontab;

    private Schedule(string expression, CrontabSchedule crontab, TimeSpan interval, bool isEven)
    {
        Expression = expression;
        _crontab = crontab;
        Interval = interval;
        IsEven = isEven;
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
            ? new Schedule(expression, crontab, TimeSpan.FromDays(366), isEven: false)
            : new Schedule(expression, crontab, intervals[intervals.Count * 3 / 4], intervals[0] == intervals[^1]);
    }

    /// <summary>The first occurrence after <paramref name="time"/>.</summary>
    public DateTimeOffset Next(DateTimeOffset time) => Utc(_crontab.GetNextOccurrence(time.UtcDateTime));

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
    public int Count(DateTimeOffset from, DateTimeOffset to) =>
        _crontab.GetNextOccurrences(from.UtcDateTime.AddTicks(-1), to.UtcDateTime).Count();

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

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
