using System.Text.Json;
using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// <c>alerts/state.json</c>: the data that judge the next run, a fold over the log that knows how far it has read. Its size depends on the
/// number of targets, not on the schedule.
/// </summary>
internal sealed class TrendState : ILogFold, IJsonOnDeserialized
{
    /// <summary>The path of the document.</summary>
    public const string BlobName = "alerts/state.json";

    private const int MaxEnded = 200;

    /// <summary>Alerts that were resolved within this time are kept beyond <see cref="MaxEnded"/>, because they inhibit others.</summary>
    private static readonly TimeSpan _inhibits = TimeSpan.FromHours(1);

    /// <summary>The version of the format.</summary>
    public int V { get; init; } = 2;

    /// <summary>The number of writes, which orders versions of the state.</summary>
    public long Sequence { get; set; }

    /// <summary>The day of the log that it has read up to.</summary>
    public DateOnly Day { get; set; }

    /// <summary>The part of that day.</summary>
    public int Part { get; set; }

    /// <summary>The byte in that part.</summary>
    public long Offset { get; set; }

    /// <summary>The tick of the newest run; null before the first.</summary>
    public DateTimeOffset? Newest { get; set; }

    /// <summary>The number of runs since three were missing last.</summary>
    public int SinceGap { get; set; }

    /// <summary>One for each check and target.</summary>
    [JsonRequired]
    public List<SeriesState> Series { get; init; } = [];

    /// <summary>The open alerts.</summary>
    [JsonRequired]
    public List<Alert> Open { get; init; } = [];

    /// <summary>The resolved alerts, the newest last.</summary>
    [JsonRequired]
    public List<Alert> Ended { get; init; } = [];

    /// <summary>The open incidents and the most recently resolved ones, the newest last.</summary>
    [JsonRequired]
    public List<IncidentState> Incidents { get; init; } = [];

    /// <summary>The changes of this version of the state, which its writer announces.</summary>
    [JsonRequired]
    public TrendChanges Changed { get; set; } = TrendChanges.None;

    /// <summary>The runs that were added.</summary>
    [JsonRequired]
    public TickSet Seen { get; init; } = new();

    [JsonIgnore]
    public LogPosition Position
    {
        get => new(Day, Part, Offset);
        set => (Day, Part, Offset) = (value.Day, value.Part, value.Offset);
    }

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Newest == default(DateTimeOffset))
        {
            throw new JsonException("The newest run must have a time.");
        }
    }

    /// <summary>
    /// A copy for <see cref="AlertEngine.Advance"/>: the lists of alerts and the gap are its own, and it shares all else with this state.
    /// </summary>
    public TrendState Fork() => new()
    {
        V = V,
        Sequence = Sequence,
        Position = Position,
        Newest = Newest,
        SinceGap = SinceGap,
        Series = Series,
        Open = [.. Open],
        Ended = [.. Ended],
        Incidents = Incidents,
        Changed = Changed,
        Seen = Seen,
    };

    /// <summary>
    /// Whether an alert says, or has said, that runs are missing since a tick. Where a run from before them lands late, they are found
    /// again, and are no news.
    /// </summary>
    public bool HasMissed(DateTimeOffset first) =>
        Open.Concat(Ended).Any(alert => alert.Rule == AlertRule.MissingData && alert.Since == first);

    /// <summary>Adds an alert to those that have ended, and forgets the oldest of many.</summary>
    public void End(Alert ended)
    {
        Ended.Add(ended);
        while (Ended.Count > MaxEnded && Ended[0].Resolved < ended.Resolved - _inhibits)
        {
            Ended.RemoveAt(0);
        }
    }
}
