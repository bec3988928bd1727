using System.Collections.Concurrent;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Trends;

/// <summary>Computes how many runs the schedule has in a window.</summary>
internal sealed class ExpectedRuns(Schedule schedule)
{
    private const int MaxHours = 1000;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<DateTimeOffset, int> _hours = [];

    /// <summary>The number of scheduled runs in the window of this length that ends now.</summary>
    public int In(DateTimeOffset now, TimeSpan window)
    {
        if (schedule.IsEven)
        {
            return (int)(window / schedule.Interval);
        }

        if (window < _hour)
        {
            return schedule.Count(now - window, now);
        }

        // To count an hour goes through its occurrences one by one, so the counts of whole hours are kept.
        var count = 0;
        for (var hour = Timeline.Floor(now, _hour); hour > now - window; hour -= _hour)
        {
            count += InHour(hour);
        }

        return count;
    }

    private int InHour(DateTimeOffset hour)
    {
        if (_hours.Count > MaxHours)
        {
            _hours.Clear();
        }

        return _hours.GetOrAdd(hour, static (start, schedule) => schedule.Count(start, start + _hour), schedule);
    }
}
