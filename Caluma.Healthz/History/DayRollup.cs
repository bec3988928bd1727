using System.Text.Json.Serialization;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.History;

/// <summary>
/// What the runs of one day have found, by hours: a fold over the day's log that knows how far it has read. So it can always be caught
/// up with the log, each record counts once, and one that is lost is made anew.
/// </summary>
internal sealed class DayRollup : ILogFold
{
    /// <summary>The version of the format.</summary>
    public int V { get; init; } = 1;

    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The part of the day's log up to which it has read.</summary>
    public int Part { get; set; }

    /// <summary>The byte of that part up to which it has read.</summary>
    public long Offset { get; set; }

    /// <summary>The hours that have a record.</summary>
    [JsonRequired]
    public List<HourRollup> Hours { get; init; } = [];

    /// <summary>Which ticks have been read, by the instance that recorded them.</summary>
    [JsonInclude]
    [JsonRequired]
    internal TickSet Seen { get; init; } = new();

    internal LogPosition Position
    {
        get => new(Day, Part, Offset);
        set => (Part, Offset) = (value.Part, value.Offset);
    }

    LogPosition ILogFold.Position
    {
        get => Position;
        set => Position = value;
    }

    TickSet ILogFold.Seen => Seen;

    /// <summary>Takes a record in.</summary>
    /// <returns>False where it was taken in before, or is of another day.</returns>
    internal bool Fold(RunRecord record, Schedule schedule)
    {
        if (record.Day != Day || !Seen.Add(record))
        {
            return false;
        }

        var number = record.Tick.UtcDateTime.Hour;
        var hour = Hours.Find(hour => hour.Hour == number);
        if (hour is null)
        {
            var start = new DateTimeOffset(Day, new TimeOnly(number, 0), TimeSpan.Zero);
            Hours.Add(hour = new HourRollup { Hour = number, Expected = schedule.Count(start, start.AddHours(1)) });
            Hours.Sort((one, other) => one.Hour.CompareTo(other.Hour));
        }

        hour.Add(record);
        return true;
    }
}
