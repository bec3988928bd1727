namespace Caluma.Healthz.History;

/// <summary>The sum of runs of one check on one target.</summary>
/// <param name="Runs">The number of runs that count.</param>
/// <param name="Failed">The number of those that failed.</param>
/// <param name="Excluded">The number of runs during maintenance, which do not count.</param>
/// <param name="Reasons">The number of failures by reason, where that is kept.</param>
/// <param name="Latency">The latencies of the passing runs; not to be changed.</param>
internal sealed record Tally(int Runs, int Failed, int Excluded, IReadOnlyDictionary<Reason, int> Reasons, LatencyHistogram Latency)
{
    /// <summary>The sum of no runs.</summary>
    public static Tally None { get; } = new(0, 0, 0, new Dictionary<Reason, int>(), new LatencyHistogram());

    /// <summary>The sum of several tallies.</summary>
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
