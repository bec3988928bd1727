using System.Globalization;
using System.Text;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// The last days of a check on a target in a row, told apart by shape as well as colour: a bar for a good day, one with a point for one with
/// failures, a tall arrow for one that missed the objective, a hollow bar for maintenance, a dot for nothing recorded.
/// </summary>
internal static class DayStrip
{
    private const int DayWidth = 7;
    private const int BarWidth = 5;
    private const int Height = 34;

    /// <param name="days">The oldest first, some of the first may be lacking.</param>
    /// <param name="shown">How many days to show.</param>
    /// <param name="today">The last of them.</param>
    /// <param name="slo">The objective, in percent.</param>
    public static Html Draw(IReadOnlyList<PeriodTrend> days, int shown, DateTimeOffset today, double slo)
    {
        var byDay = days.ToDictionary(day => day.Start);
        var states = Enumerable.Range(1 - shown, shown)
            .Select(day => byDay.TryGetValue(today.AddDays(day), out var period) ? StateOf(period, slo) : (DayState?)null)
            .ToList();
        var label = Label(days, states, slo);
        var width = (shown * DayWidth) - (DayWidth - BarWidth);
        return Html.Of($"""<svg class="strip" viewBox="0 0 {width} {Height}" role="img" aria-label="{label}"><title>{label}</title>{Html.Join(Enum.GetValues<DayState>().Select(state => Path(states, state)))}</svg>""");
    }

    public static DayState StateOf(PeriodTrend day, double slo) => day switch
    {
        { HasData: false } => DayState.Missing,
        { Runs: 0 } => DayState.Maintenance,
        { Failed: > 0 } when 100.0 * (day.Runs - day.Failed) / day.Runs < slo => DayState.Failing,
        _ when day.Missing > day.Runs + day.Excluded => DayState.Missing,
        { Excluded: > 0, Failed: 0 } => DayState.Maintenance,
        { Failed: > 0 } => DayState.Blip,
        _ => DayState.Good,
    };

    /// <summary>The shape of a state, for the legend.</summary>
    public static Html Sample(DayState state) =>
        Html.Of($"""<svg class="sample" viewBox="0 0 {BarWidth} {Height}" aria-hidden="true">{Path([state], state)}</svg>""");

    private static Html Path(List<DayState?> states, DayState state)
    {
        var path = new StringBuilder();
        for (var day = 0; day < states.Count; day++)
        {
            if (states[day] == state)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{day * DayWidth} {Shape(state)}");
            }
        }

        return path.Length == 0 ? new Html() : Html.Of($"""<path class="{Class(state)}" d="{path.ToString()}"/>""");
    }

    public static string Class(DayState state) => state switch
    {
        DayState.Good => "good",
        DayState.Blip => "blip",
        DayState.Failing => "failing",
        DayState.Maintenance => "maintenance",
        _ => "missing",
    };

    /// <summary>From the left edge of the day on; paths of one kind are drawn at once.</summary>
    private static string Shape(DayState state) => state switch
    {
        DayState.Good => "34v-20h5v20z",
        DayState.Blip => "34v-20l2.5-6 2.5 6v20z",
        DayState.Failing => "34v-27l2.5-7 2.5 7v27z",
        DayState.Maintenance => "33.5v-19h4v19z",
        _ => "34v-4h5v4z",
    };

    private static string Label(IReadOnlyList<PeriodTrend> days, List<DayState?> states, double slo)
    {
        var parts = new List<string>();
        foreach (var (state, text) in new[]
        {
            (DayState.Good, "good"), (DayState.Blip, "with failures within the objective"), (DayState.Failing, "failing"),
            (DayState.Maintenance, "with maintenance"), (DayState.Missing, "with nothing recorded"),
        })
        {
            if (states.Count(other => other == state) is > 0 and var count)
            {
                parts.Add($"{count} {text}");
            }
        }

        if (states.Count(state => state is null) is > 0 and var before)
        {
            parts.Add($"{before} before the first record");
        }

        var last = days.LastOrDefault(day => StateOf(day, slo) == DayState.Failing);
        return $"Last {states.Count} days: {string.Join(", ", parts)}{(last is null ? "" : $"; last failing on {Words.Day(last.Start)}")}";
    }
}
