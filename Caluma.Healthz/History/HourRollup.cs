using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>The results of an hour.</summary>
internal sealed class HourRollup : IJsonOnDeserialized
{
    /// <summary>The hour, from 0 to 23, UTC.</summary>
    public required int Hour
    {
        get;
        init => field = value is >= 0 and < 24 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The hour must be from 0 to 23.");
    }

    /// <summary>The number of recorded runs, including those during maintenance.</summary>
    public int Ticks { get; set; }

    /// <summary>The number of scheduled runs in this hour.</summary>
    public required int Expected { get; init; }

    /// <summary>One for each check and target.</summary>
    [JsonRequired]
    public List<SeriesRollup> Series { get; init; } = [];

    void IJsonOnDeserialized.OnDeserialized() => StoredCounts.Require(StoredCounts.MaxOfHour, Ticks, Expected);

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
