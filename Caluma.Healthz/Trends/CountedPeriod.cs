using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>The runs of a short time for one check on one target.</summary>
internal abstract class CountedPeriod
{
    /// <summary>Its first moment.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The number of runs that count.</summary>
    public int Runs { get; set; }

    /// <summary>The number of those that failed.</summary>
    public int Failed { get; set; }

    /// <summary>The number of those that directly followed the first failure of a row; earlier versions did not write it.</summary>
    [JsonPropertyName("seconds")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int SecondFailures { get; set; }

    /// <summary>The number of rows of one or two failures that ended; earlier versions did not write it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ShortRows { get; set; }

    /// <summary>The first failed run; null where none failed.</summary>
    public DateTimeOffset? FirstFailed { get; set; }

    [JsonIgnore]
    public RunCount Count => new(Runs, Failed, SecondFailures, ShortRows);
}
