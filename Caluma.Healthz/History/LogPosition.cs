namespace Caluma.Healthz.History;

/// <summary>A place in the log: all that is before it has been read.</summary>
/// <param name="Day">The day whose records are there.</param>
/// <param name="Part">Which of the day's blobs: a full or broken one is followed by the next.</param>
/// <param name="Offset">The byte in it.</param>
internal readonly record struct LogPosition(DateOnly Day, int Part, long Offset) : IComparable<LogPosition>
{
    public static LogPosition StartOf(DateOnly day) => new(day, 0, 0);

    public static bool operator <(LogPosition one, LogPosition other) => one.CompareTo(other) < 0;

    public static bool operator >(LogPosition one, LogPosition other) => one.CompareTo(other) > 0;

    public static bool operator <=(LogPosition one, LogPosition other) => one.CompareTo(other) <= 0;

    public static bool operator >=(LogPosition one, LogPosition other) => one.CompareTo(other) >= 0;

    public int CompareTo(LogPosition other) => (Day, Part, Offset).CompareTo((other.Day, other.Part, other.Offset));
}
