namespace Caluma.Healthz.History;

/// <summary>What runs of one check on one target have found, added up.</summary>
/// <param name="Runs">How many count.</param>
/// <param name="Failed">How many of those failed.</param>
/// <param name="Excluded">How many do not count, because they were made during maintenance.</param>
/// <param name="Reasons">How many failed for which reason, where that is kept.</param>
/// <param name="Latency">How long the passing ones took; nobody changes it.</param>
internal sealed record Tally(int Runs, int Failed, int Excluded, IReadOnlyDictionary<Reason, int> Reasons, LatencyHistogram Latency)
{
    /// <summary>Of no runs.</summary>
    public static Tally None { get; } = new(0, 0, 0, new Dictionary<Reason, int>(), new LatencyHistogram());

    /// <summary>All of them together.</summary>
    public static Tally Sum(IReadOnlyCollection<Tally> parts)
    {
        if (parts.Count <= 1)
        {
            return parts.FirstOrDefault(None);
        }

        var (latency, reasons) = (new LatencyHistogram(), new SortedDictionary<Reason, int>());
        foreach (var part in parts)
        {
            latency.Merge(part.Latency);
            foreach (var (reason, count) in part.Reasons)
            {
                reasons[reason] = reasons.GetValueOrDefault(reason) + count;
            }
        }

        return new Tally(parts.Sum(part => part.Runs), parts.Sum(part => part.Failed), parts.Sum(part => part.Excluded), reasons, latency);
    }
}
