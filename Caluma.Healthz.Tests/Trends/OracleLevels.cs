namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// Whether the newest hours of one target are slower than the same ones of the week before, by the geometric mean of the values
/// themselves: see <see cref="Oracle"/>.
/// </summary>
/// <param name="hours">How many there are of.</param>
internal sealed class OracleLevels(int hours)
{
    private const int Day = 24;

    /// <summary>A value is 1 % off at the most, and so is a mean, and the deviation.</summary>
    private const double Off = 0.01;

    private readonly double[][] _logs = [.. Enumerable.Repeat<double[]>([], hours)];

    public void Close(int hour, IEnumerable<double> passes) => _logs[hour] = [.. passes.Select(ms => Math.Log(ms))];

    public void ForgetBefore(int hour)
    {
        for (var at = 0; at < hour; at++)
        {
            _logs[at] = [];
        }
    }

    /// <summary>Whether any of the last 2, 3 and so on up to 12 hours are slow.</summary>
    /// <param name="hour">The last of them.</param>
    /// <param name="first">The first hour that is known.</param>
    public bool? IsSlow(int hour, int first)
    {
        bool? slow = false;
        for (var count = 2; count <= 12; count++)
        {
            if (Compare(hour, count, first) is var (days, week, error, off))
            {
                bool? Over(double above, double errors)
                {
                    var limit = Math.Max(Math.Log(2.2) - Math.Max(0, error - 0.08), Math.Log(1.2) + (errors * error));
                    return above - off > limit ? true : above + off <= limit ? false : null;
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
            if (Compare(hour, count, first) is var (days, week, _, off))
            {
                var above = Math.Min(days, week ?? days);
                return above + off <= Math.Log(1.5) ? true : above - off > Math.Log(1.5) ? false : null;
            }
        }

        return true;
    }

    private (double Days, double? Week, double Error, double Off)? Compare(int hour, int count, int first)
    {
        List<double> At(int last) =>
            [.. Enumerable.Range(last - count + 1, count).Where(at => at >= first).SelectMany(at => _logs[at])];

        var now = At(hour);
        if (now.Count < 12)
        {
            return null;
        }

        var deviations = Deviations(now);
        List<double> usual = [];
        double? week = null;
        for (var day = 1; day <= 7; day++)
        {
            var last = hour - (day * Day);
            var near = new[] { last - 1, last, last + 1 }.Select(At).Where(logs => logs.Count >= 6).ToList();
            if (near.Count > 0)
            {
                usual.Add(near.Max(logs => logs.Average()));
                week = day == 7 ? usual[^1] : null;
                deviations.AddRange(Deviations(At(last)));
            }
        }

        if (usual.Count < 3)
        {
            return null;
        }

        double Above(double level) => Enumerable.Range(hour - count + 1, count).Where(at => at >= first && _logs[at].Length > 0)
            .Sum(at => _logs[at].Length * (_logs[at].Length >= 12
                ? Math.Min(Math.Log(3.5), _logs[at].Average() - level) : _logs[at].Average() - level)) / now.Count;

        var error = Math.Sqrt(deviations.Average(deviation => deviation * deviation) / now.Count);
        return (Above(usual.Order().ElementAt(usual.Count - 2)), week is { } level ? Above(level) : null,
            error, (2 * Off) + (4 * Off / Math.Sqrt(now.Count)));
    }

    private static List<double> Deviations(List<double> logs)
    {
        var mean = logs.Count == 0 ? 0 : logs.Average();
        return logs.ConvertAll(log => log - mean);
    }
}
