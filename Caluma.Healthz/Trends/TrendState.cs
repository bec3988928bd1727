using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// What is to be known of all runs so far to judge the next one: a fold over the log that knows how far it has read. Its size depends on
/// the number of targets, and not on the schedule.
/// </summary>
internal sealed class TrendState : ILogFold
{
    /// <summary>The path of the document.</summary>
    public const string BlobName = "alerts/state.json";

    /// <summary>The version of the format.</summary>
    public int V { get; init; } = 2;

    /// <summary>How many times it was written: what tells an older one from a newer one.</summary>
    public long Sequence { get; set; }

    /// <summary>The day of the log up to which it has read.</summary>
    public DateOnly Day { get; set; }

    /// <summary>The part of that day.</summary>
    public int Part { get; set; }

    /// <summary>The byte of that part.</summary>
    public long Offset { get; set; }

    /// <summary>The tick of the newest run; null before the first.</summary>
    public DateTimeOffset? Newest { get; set; }

    /// <summary>How many runs there were since the last time that three were missing.</summary>
    public int SinceGap { get; set; }

    /// <summary>One for each check and target.</summary>
    [JsonRequired]
    public List<SeriesState> Series { get; init; } = [];

    /// <summary>What has triggered and not resolved.</summary>
    [JsonRequired]
    public List<Alert> Open { get; init; } = [];

    /// <summary>What has resolved, the newest last.</summary>
    [JsonRequired]
    public List<Alert> Ended { get; init; } = [];

    /// <summary>The incidents that are open, and the newest of those that were, the newest last.</summary>
    [JsonRequired]
    public List<IncidentState> Incidents { get; init; } = [];

    /// <summary>What this version of the state has changed of these, and what was therefore to be announced.</summary>
    [JsonRequired]
    public TrendChanges Changed { get; set; } = TrendChanges.None;

    /// <summary>Which runs were taken in.</summary>
    [JsonRequired]
    public TickSet Seen { get; init; } = new();

    [JsonIgnore]
    public LogPosition Position
    {
        get => new(Day, Part, Offset);
        set => (Day, Part, Offset) = (value.Day, value.Part, value.Offset);
    }
}
