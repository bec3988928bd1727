namespace Caluma.Healthz.Trends;

/// <summary>Finds hours by their start.</summary>
internal readonly struct HourHistory(IReadOnlyList<HourPoint> hours)
{
    /// <summary>The hour with this start; null where it is unknown.</summary>
    public HourPoint? At(DateTimeOffset start)
    {
        var (low, high) = (0, hours.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = hours[middle].Start;
            if (found == start)
            {
                return hours[middle];
            }

            (low, high) = found < start ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
