namespace Caluma.Healthz.Tests.Trends;

/// <summary>The cumulative numbers of runs, and of failed ones, before each minute of the year, by the start of their bucket.</summary>
internal sealed class OracleTally(int width, int kept)
{
    private readonly long[] _before = new long[MessyYear.Minutes + (40 * 24 * 60)];
    private int _end;

    public void Add(int minute, bool failed)
    {
        Extend(minute + 1);
        for (var after = minute + 1; after <= _end; after++)
        {
            _before[after] += (1L << 32) + (failed ? 1 : 0);
        }
    }

    /// <summary>A window holds the buckets that begin after now minus its length.</summary>
    public (int Runs, int Failed) Count(int now, int window)
    {
        var end = Bucket(now + width);
        Extend(end);
        var sum = _before[end] - _before[Bucket(now - window + width)];
        return ((int)(sum >> 32), (int)sum);
    }

    public void ForgetBefore(int now)
    {
        var known = Math.Min(_end, Bucket(now - kept + width));
        Array.Fill(_before, _before[known], 0, known);
    }

    private int Bucket(int minute) => minute / width * width;

    private void Extend(int minute)
    {
        for (; _end < minute; _end++)
        {
            _before[_end + 1] = _before[_end];
        }
    }
}
