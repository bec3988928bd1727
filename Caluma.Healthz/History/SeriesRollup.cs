using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>What the runs of one hour have found for one check on one target.</summary>
internal sealed class SeriesRollup
{
    /// <summary>What was checked.</summary>
    public required Check Check { get; init; }

    /// <summary>The alias.</summary>
    public required string Target { get; init; }

    /// <summary>How many runs count.</summary>
    public int Runs { get; set; }

    /// <summary>How many of them passed.</summary>
    public int Ok { get; set; }

    /// <summary>How many runs do not count, because they were made during maintenance.</summary>
    public int Excluded { get; set; }

    /// <summary>How many of the runs that count failed, by the reason.</summary>
    [JsonRequired]
    public SortedDictionary<Reason, int> Reasons { get; init; } = [];

    /// <summary>How long the passing ones took.</summary>
    [JsonRequired]
    public LatencyHistogram Latency { get; init; } = new();

    internal Series Series => new(Check, Target);

    internal Tally Tally => new(Runs, Runs - Ok, Excluded, Reasons, Latency);

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
