using System.Text.Json.Serialization;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.History;

/// <summary>
/// The results of a day by hours: a fold over the day's log that knows how far it has read. So each record counts once, and a lost rollup
/// can be computed again.
/// </summary>
internal sealed class DayRollup : ILogFold
{
    /// <summary>The version of the format.</summary>
    public int V { get; init; } = 1;

    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The part of the day's log that it has read up to.</summary>
    public int Part { get; set; }

    /// <summary>The byte of that part that it has read up to.</summary>
    public long Offset { get; set; }

    /// <summary>The hours that have records.</summary>
    [JsonRequired]
    public List<HourRollup> Hours { get; init; } = [];

    /// <summary>The ticks that have been read, by the instance that recorded them.</summary>
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

    /// <summary>Adds a record.</summary>
    /// <returns>False where it was added before, or is of another day.</returns>
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
