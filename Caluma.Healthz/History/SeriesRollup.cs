using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>The results of an hour for one check on one target.</summary>
internal sealed class SeriesRollup : IJsonOnDeserialized
{
    /// <summary>The check.</summary>
    public required Check Check { get; init; }

    /// <summary>The alias.</summary>
    public required string Target { get; init; }

    /// <summary>The number of runs that count.</summary>
    public int Runs { get; set; }

    /// <summary>The number of those that passed.</summary>
    public int Ok { get; set; }

    /// <summary>The number of runs during maintenance, which do not count.</summary>
    public int Excluded { get; set; }

    /// <summary>The number of failures by reason.</summary>
    [JsonRequired]
    public SortedDictionary<Reason, int> Reasons { get; init; } = [];

    /// <summary>The latencies of the passing runs.</summary>
    [JsonRequired]
    public LatencyHistogram Latency { get; init; } = new();

    internal Series Series => new(Check, Target);

    internal Tally Tally => new(Runs, Runs - Ok, Excluded, Reasons, Latency);

    void IJsonOnDeserialized.OnDeserialized() =>
        StoredCounts.Require(StoredCounts.MaxOfHour, [Runs, Ok, Excluded, .. Reasons.Values]);

    internal void Add(CheckRecord check, bool maintenance)
    {
        if (maintenance)
        {
            Excluded++;
            return;
        }

        Runs++;
        if (check.Ok)
        {
            Ok++;
            Latency.Add(check.Ms);
        }
        else
        {
            var reason = check.Reason ?? Reason.Unknown;
            Reasons[reason] = Reasons.GetValueOrDefault(reason) + 1;
        }
    }
}
