using System.Text.Json;
using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>The runs of a short time for one check on one target.</summary>
internal abstract class CountedPeriod : IJsonOnDeserialized
{
    /// <summary>Its first moment.</summary>
    public required DateTimeOffset Start
    {
        get;
        init => field = value > DateTimeOffset.MinValue ? value : throw new JsonException("It must have a start.");
    }

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

    /// <summary>Further counts that must be those of an hour or less.</summary>
    protected virtual IEnumerable<int> OtherCounts => [];

    void IJsonOnDeserialized.OnDeserialized() =>
        StoredCounts.Require(StoredCounts.MaxOfHour, [Runs, Failed, SecondFailures, ShortRows, .. OtherCounts]);
}
