using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>What the runs of one hour have found.</summary>
internal sealed class HourRollup
{
    /// <summary>From 0 to 23, UTC.</summary>
    public required int Hour
    {
        get;
        init => field = value is >= 0 and < 24 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The hour must be from 0 to 23.");
    }

    /// <summary>How many runs were recorded, those during maintenance among them.</summary>
    public int Ticks { get; set; }

    /// <summary>How many the schedule had in this hour.</summary>
    public required int Expected { get; init; }

    /// <summary>One per check and target.</summary>
    [JsonRequired]
    public List<SeriesRollup> Series { get; init; } = [];

    internal void Add(RunRecord record)
    {
        Ticks++;
        foreach (var check in record.Checks)
        {
            var series = Series.Find(series => series.Series == check.Series);
            if (series is null)
            {
                Series.Add(series = new SeriesRollup { Check = check.Check, Target = check.Target });
            }

            series.Add(check, record.Maintenance);
        }
    }
}
