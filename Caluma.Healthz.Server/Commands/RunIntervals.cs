using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Whether runs were recorded on another schedule than the one that is tried, or on several.</summary>
/// <param name="schedule">That one.</param>
internal sealed class RunIntervals(Schedule schedule)
{
    private const int MinRuns = 10;
    private const int MaxKnown = 1000;

    /// <summary>Of so many runs no gap is due to chance.</summary>
    private const double MinShare = 0.2;

    private readonly Dictionary<TimeSpan, int> _counts = [];
    private DateTimeOffset? _before;

    /// <summary>What is to be said of it; null where there is nothing.</summary>
    public string? Note
    {
        get
        {
            var all = _counts.Values.Sum();
            var usual = _counts.Where(gap => gap.Value >= MinShare * all).OrderByDescending(gap => gap.Value).ToList();
            if (all < MinRuns || !schedule.IsEven || usual is [] || (usual.Count == 1 && usual[0].Key == schedule.Interval))
            {
                return null;
            }

            var expected = FormattableString.Invariant($"{schedule.Interval.TotalSeconds:0} s");
            return usual.Count == 1
                ? FormattableString.Invariant(
                    $"Note: most runs are {usual[0].Key.TotalSeconds:0} s apart, and a run every {expected} is expected; see --schedule.")
                : $"Note: runs are {string.Join(" or ", usual.Select(gap => $"{(long)gap.Key.TotalSeconds} s"))} apart, "
                    + $"and a run every {expected} is expected: replay the time of each schedule for itself, with --schedule.";
        }
    }

    public void Add(DateTimeOffset tick)
    {
        if (tick > _before && (_counts.Count < MaxKnown || _counts.ContainsKey(tick - _before.Value)))
        {
            var gap = tick - _before.Value;
            _counts[gap] = _counts.GetValueOrDefault(gap) + 1;
        }

        _before = tick;
    }
}
