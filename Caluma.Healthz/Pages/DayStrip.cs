using System.Globalization;
using System.Text;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// The last days of a check on a target in a row, told apart by shape as well as colour: a bar for a good day, one with a cap for one with
/// failures, a tall arrow for one that missed the objective, two blocks for maintenance, three dots for nothing recorded; and in words.
/// </summary>
internal static class DayStrip
{
    /// <summary>A day is as wide as one unit of the drawing; the style stretches it to the space there is.</summary>
    private const int Height = 34;

    /// <summary>
    /// The shapes, once in a page. A strip is a path for each shape with a point for each of its days, which the style marks with the shape:
    /// two characters a day, whatever the days were like.
    /// </summary>
    public static Html Definitions { get; } = Html.Join(Enum.GetValues<DayState>().Select(state => Html.Of($"""<marker id="{Name(state)}">{Shape(state)}</marker>""")));

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
        return Html.Of($"""
            <svg class="strip" viewBox="0 0 {shown} {Height}" preserveAspectRatio="none" aria-hidden="true">{Html.Join(Enum.GetValues<DayState>().Select(state => Path(states, state)))}</svg><p>{Say(states, today)}
            """);
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
        Html.Of($"""<svg class="sample" viewBox="0 0 1 {Height}" preserveAspectRatio="none" aria-hidden="true">{Path([state], state)}</svg>""");

    private static Html? Path(List<DayState?> states, DayState state)
    {
        var (path, last) = (new StringBuilder(), 0);
        for (var day = 0; day < states.Count; day++)
        {
            if (states[day] == state)
            {
                // A path of one point has no marker; one that goes nowhere from there has.
                path.Append(path.Length == 0 ? $"M{day} 0h0" : $" {day - last}");
                last = day;
            }
        }

        return path.Length == 0 ? null : Html.Of($"""<path class="{Name(state)}" d="{path.ToString()}"/>""");
    }

    private static string Name(DayState state) => state switch
    {
        DayState.Good => "d-ok",
        DayState.Blip => "d-few",
        DayState.Failing => "d-bad",
        DayState.Maintenance => "d-off",
        _ => "d-gap",
    };

    private static Html Shape(DayState state) => state switch
    {
        DayState.Good => Html.Of($"""<path class="good" d="M0 34V14h.7v20z"/>"""),
        DayState.Blip => Html.Of($"""<path class="good" d="M0 34V21h.7v13z"/><path class="warn" d="M0 19v-6l.35-5 .35 5v6z"/>"""),
        DayState.Failing => Html.Of($"""<path class="bad" d="M0 34V6l.35-6L.7 6v28z"/>"""),
        DayState.Maintenance => Html.Of($"""<path class="note" d="M0 34v-8h.7v8zM0 22v-8h.7v8z"/>"""),
        _ => Html.Of($"""<path class="unknown" d="M.15 34v-3h.4v3zM.15 27v-3h.4v3zM.15 20v-3h.4v3z"/>"""),
    };

    private static string Say(List<DayState?> states, DateTimeOffset today)
    {
        var lastFailing = states.LastIndexOf(DayState.Failing) - states.Count + 1;
        var parts = Enum.GetValues<DayState>()
            .Select(state => (Count: states.Count(other => other == state), Text: state switch
            {
                DayState.Good => "good",
                DayState.Blip => "with failures",
                DayState.Failing => $"failing, last {Words.Day(today.AddDays(lastFailing))}",
                DayState.Maintenance => "maintenance",
                _ => "not recorded",
            }))
            .Append((Count: states.Count(state => state is null), Text: "before the first record"));
        return string.Join(" · ", parts.Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.Text}")));
    }
}
