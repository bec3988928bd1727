using System.Globalization;

namespace Caluma.Healthz.History;

/// <summary>A place in the log. Everything before it has been read.</summary>
/// <param name="Day">The day of the log, UTC.</param>
/// <param name="Part">The part of the day's log, from 0.</param>
/// <param name="Offset">The byte in that part.</param>
internal readonly record struct LogPosition(DateOnly Day, int Part, long Offset) : IComparable<LogPosition>
{
    public static LogPosition StartOf(DateOnly day) => new(day, 0, 0);

    public static bool operator <(LogPosition one, LogPosition other) => one.CompareTo(other) < 0;

    public static bool operator >(LogPosition one, LogPosition other) => one.CompareTo(other) > 0;

    public static bool operator <=(LogPosition one, LogPosition other) => one.CompareTo(other) <= 0;

    public static bool operator >=(LogPosition one, LogPosition other) => one.CompareTo(other) >= 0;

    /// <summary>Parses the format of <see cref="ToString"/>; null where the text is invalid.</summary>
    public static LogPosition? Parse(string text) =>
        text.Split('.') is [var dayText, var partText, var offsetText]
        && DateOnly.TryParseExact(dayText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && int.TryParse(partText, NumberStyles.None, CultureInfo.InvariantCulture, out var part) && part < RecordLog.MaxParts
        && long.TryParse(offsetText, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new LogPosition(day, part, offset)
            : null;

    public int CompareTo(LogPosition other) => (Day, Part, Offset).CompareTo((other.Day, other.Part, other.Offset));

    /// <summary>The place, such as <c>2026-11-22.0.5310</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Day:yyyy-MM-dd}.{Part}.{Offset}");
}
