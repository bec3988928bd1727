namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// Whether the newest hours of one target are slower than the same ones of the week before, by the geometric mean of the values
/// themselves: see <see cref="Oracle"/>.
/// </summary>
/// <param name="hours">How many there are of.</param>
/// <param name="off">How far a value may be off, as a share. A mean and the deviation are as far off at the most.</param>
internal sealed class OracleLevels(int hours, double off = 0.01)
{
    private const int Day = 24;

    private readonly Logs[] _logs = new Logs[hours];

    public void Close(int hour, IEnumerable<double> passes) =>
        _logs[hour] = passes.Aggregate(default(Logs), (logs, ms) => logs.With(Math.Log(ms)));

    public void ForgetBefore(int hour) => Array.Clear(_logs, 0, hour);

    /// <summary>Whether any of the last 2, 3 and so on up to 12 hours are slow.</summary>
    /// <param name="hour">The last of them.</param>
    /// <param name="first">The first hour that is known.</param>
    public bool? IsSlow(int hour, int first)
    {
        bool? slow = false;
        for (var count = 2; count <= 12; count++)
        {
            if (Compare(hour, count, first) is var (days, week, error, margin))
            {
                bool? Over(double above, double errors)
                {
                    var limit = Math.Max(Math.Log(2.2) - Math.Max(0, error - 0.08), Math.Log(1.2) + (errors * error));
                    return above - margin > limit ? true : above + margin <= limit ? false : null;
                }

                slow |= Over(days, 2.2) & (week is { } above ? Over(above, 3.4) : true);
            }
        }

        return slow;
    }

    /// <summary>Whether the fewest hours that have enough runs take up to one and a half times as long as usual.</summary>
    public bool? IsUsual(int hour, int first)
    {
        for (var count = 2; count <= 12; count++)
        {
            if (Compare(hour, count, first) is var (days, week, _, margin))
            {
                var above = Math.Min(days, week ?? days);
                return above + margin <= Math.Log(1.5) ? true : above - margin > Math.Log(1.5) ? false : null;
            }
        }

        return true;
    }

    private (double Days, double? Week, double Error, double Margin)? Compare(int hour, int count, int first)
    {
        Logs At(int last)
        {
            var logs = default(Logs);
            for (var at = Math.Max(first, last - count + 1); at <= last; at++)
            {
                logs += _logs[at];
            }

            return logs;
        }

        var now = At(hour);
        if (now.Count < 12)
        {
            return null;
        }

        var (values, squares) = (now.Count, now.SquaredDeviations);
        List<double> usual = [];
        double? week = null;
        for (var day = 1; day <= 7; day++)
        {
            var last = hour - (day * Day);
            var near = new[] { last - 1, last, last + 1 }.Select(At).Where(logs => logs.Count >= 6).ToList();
            if (near.Count > 0)
            {
                usual.Add(near.Max(logs => logs.Mean));
                week = day == 7 ? usual[^1] : null;
                var same = At(last);
                (values, squares) = (values + same.Count, squares + same.SquaredDeviations);
            }
        }

        if (usual.Count < 3)
        {
            return null;
        }

        double Above(double level) => Enumerable.Range(hour - count + 1, count).Where(at => at >= first && _logs[at].Count > 0)
            .Sum(at => _logs[at].Count * (_logs[at].Count >= 12
                ? Math.Min(Math.Log(3.5), _logs[at].Mean - level) : _logs[at].Mean - level)) / now.Count;

        var error = Math.Sqrt(squares / values / now.Count);
        return (Above(usual.Order().ElementAt(usual.Count - 2)), week is { } level ? Above(level) : null,
            error, (2 * off) + (4 * off / Math.Sqrt(now.Count)));
    }

    /// <summary>What a mean and a deviation need to know of the logarithms of some values.</summary>
    private readonly record struct Logs(int Count, double Sum, double Squares)
    {
        public double Mean => Sum / Count;

        public double SquaredDeviations => Count == 0 ? 0 : Squares - (Sum * Sum / Count);

        public static Logs operator +(Logs one, Logs other) =>
            new(one.Count + other.Count, one.Sum + other.Sum, one.Squares + other.Squares);

        public Logs With(double log) => new(Count + 1, Sum + log, Squares + (log * log));
    }
}
