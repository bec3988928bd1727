using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>The results of a short time for one check on one target.</summary>
internal sealed class TimeBucket : CountedPeriod
{
    /// <summary>The number of failures by the timeout.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int TimedOut { get; set; }

    /// <summary>The number of runs during maintenance, which do not count.</summary>
    public int Excluded { get; set; }

    /// <summary>The latencies of the passing runs.</summary>
    [JsonRequired]
    public LatencyHistogram Latency { get; init; } = new();

    protected override IEnumerable<int> OtherCounts => [TimedOut, Excluded];

    [JsonIgnore]
    public Tally Tally => Tally.None with { Runs = Runs, Failed = Failed, Excluded = Excluded, Latency = Latency };

    public void Add(DateTimeOffset tick, CheckRecord check, bool maintenance, RowEvent row)
    {
        if (maintenance)
        {
            Excluded++;
            return;
        }

        Runs++;
        SecondFailures += row == RowEvent.Second ? 1 : 0;
        ShortRows += row == RowEvent.ShortRowEnds ? 1 : 0;
        if (check.Ok)
        {
            Latency.Add(check.Ms);
            return;
        }

        Failed++;
        TimedOut += check.Reason == Reason.Timeout ? 1 : 0;
        if (!(FirstFailed <= tick))
        {
            FirstFailed = tick;
        }
    }
}
