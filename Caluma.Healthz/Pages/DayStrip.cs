using System.Globalization;
using System.Text;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// Draws the last days of a check on a target in a row, with a shape and a colour for each kind: a bar for a good day, a bar with a cap for
/// a day with failures, a tall arrow for a day that missed the objective, the redder the more runs failed; two blocks for maintenance,
/// three dots for a day without records. A text says the same.
/// </summary>
internal static class DayStrip
{
    /// <summary>A day is one unit wide; the style stretches the drawing to the available space.</summary>
    private const int Height = 34;

    /// <summary>
    /// The definitions of the shapes, once in a page. A strip has one path for each shape, with a point for each day at which the style
    /// draws the shape: a day takes two characters.
    /// </summary>
    public static Html Definitions { get; } = Html.Join(
        Enum.GetValues<DayShape>().Select(shape => Html.Of($"""<marker id="{Name(shape)}">{Picture(shape)}</marker>""")));

    /// <param name="context">The context of the page.</param>
    /// <param name="check">The check. Its days are the oldest first, and some of the first may be missing.</param>
    /// <param name="shown">The number of days to show, today last.</param>
    /// <param name="links">How many of the newest bad days are links; null for a strip without links and months.</param>
    public static Html Draw(PageContext context, SeriesTrend check, int shown, int? links)
    {
        var (today, slo) = (context.Today, context.Report.Slo);
        var byDay = check.Days.ToDictionary(day => day.Start);
        var days = Enumerable.Range(1 - shown, shown).Select(day => byDay.GetValueOrDefault(today.AddDays(day))).ToList();
        var shapes = days.ConvertAll(day => day is null ? (DayShape?)null : ShapeOf(day, slo));
        var paths = Html.Join(Enum.GetValues<DayShape>().Select(shape => Path(shapes, shape)));
        var targets = Html.Join(Enumerable.Range(0, shown)
            .Where(index => days[index] is { Failed: > 0 })
            .TakeLast(links ?? 0)
            .Select(index => Target(context, check, days[index]!, index)));
        var drawn = Html.Of($"{(links is null ? null : Months(today, shown))}{paths}{targets}");
        var description = Describe(context, check, days, shapes, links is not null);
        return Html.Of($"""
            <svg class="strip" viewBox="0 0 {shown} {Height}" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg><p>{description}
            """);
    }

    /// <summary>The beginnings of the months, for the head of a column of strips.</summary>
    public static Html MonthNames(DateTimeOffset today, int shown)
    {
        var names = FirstDays(today, shown)
            .Where(first => first.Index < shown - 4)
            .Select(first => (Place: 100.0 * first.Index / shown, Name: first.Day.ToString("MMM", CultureInfo.InvariantCulture)))
            .Select(month => Html.Of($"""<text x="{month.Place}%" y="1rem">{month.Name}</text>"""));
        return Html.Of($"""<svg class="month-names" aria-hidden="true">{Html.Join(names)}</svg>""");
    }

    public static DayShape ShapeOf(PeriodTrend day, double slo) => day switch
    {
        { HasData: false } => DayShape.Missing,
        { Runs: 0 } => DayShape.Maintenance,
        { Failed: > 0 } when 100.0 * (day.Runs - day.Failed) / day.Runs < slo => Failing((double)day.Failed / day.Runs),
        _ when day.Missing > day.Runs + day.Excluded => DayShape.Missing,
        { Excluded: > 0, Failed: 0 } => DayShape.Maintenance,
        { Failed: > 0 } => DayShape.Blip,
        _ => DayShape.Good,
    };

    /// <summary>A shape, for the legend.</summary>
    public static Html Sample(DayShape shape) => Html.Of($"""
        <svg class="sample" viewBox="0 0 1 {Height}" preserveAspectRatio="none" aria-hidden="true">{Path([shape], shape)}</svg>
        """);

    /// <summary>A link to the page of a day. Its title says what happened on the day.</summary>
    public static Html Link(PageContext context, SeriesTrend check, PeriodTrend day, Html text) =>
        Html.Of($"<a href=\"{Address(context, check, day)}\" title=\"{Title(day)}\">{text}</a>");

    private static bool IsFailing(DayShape? shape) => shape is >= DayShape.Failing1 and <= DayShape.Failing4;

    private static DayShape Failing(double share) => share switch
    {
        < 0.02 => DayShape.Failing1,
        < 0.1 => DayShape.Failing2,
        < 0.5 => DayShape.Failing3,
        _ => DayShape.Failing4,
    };

    private static string Address(PageContext context, SeriesTrend check, PeriodTrend day) =>
        context.Query.Of(check.Check, check.Target, DateOnly.FromDateTime(day.Start.UtcDateTime)).Address;

    private static string Title(PeriodTrend day)
    {
        var why = day.Reasons.Count == 0 ? "" : $" ({day.Reasons})";
        return $"{Words.Day(day.Start)}: {Words.PartOf(day.Failed, day.Runs)} failed{why}";
    }

    /// <summary>For the mouse only: it is too narrow for a finger, and the keyboard has the links of the text and the table.</summary>
    private static Html Target(PageContext context, SeriesTrend check, PeriodTrend day, int index) => Html.Of(
        $"""<a href="{Address(context, check, day)}" tabindex="-1"><title>{Title(day)}</title><path d="M{index} 0h1v{Height}h-1z"/></a>""");

    private static IEnumerable<(int Index, DateTimeOffset Day)> FirstDays(DateTimeOffset today, int shown) =>
        Enumerable.Range(0, shown).Select(index => (Index: index, Day: today.AddDays(1 - shown + index))).Where(day => day.Day.Day == 1);

    private static Html? Months(DateTimeOffset today, int shown)
    {
        var lines = string.Concat(FirstDays(today, shown)
            .Select(first => string.Create(CultureInfo.InvariantCulture, $"M{first.Index - 0.15:0.##} 0v{Height}")));
        return lines.Length == 0 ? null : Html.Of($"""<path class="months" d="{lines}"/>""");
    }

    private static Html? Path(List<DayShape?> shapes, DayShape shape)
    {
        var (path, last) = (new StringBuilder(), 0);
        for (var day = 0; day < shapes.Count; day++)
        {
            if (shapes[day] == shape)
            {
                // A path of a single point gets no marker, so a second one is added in the same place.
                path.Append(path.Length == 0 ? $"M{day} 0h0" : $" {day - last}");
                last = day;
            }
        }

        return path.Length == 0 ? null : Html.Of($"""<path class="{Name(shape)}" d="{path.ToString()}"/>""");
    }

    private static string Name(DayShape shape) => shape switch
    {
        DayShape.Good => "d-ok",
        DayShape.Blip => "d-few",
        DayShape.Failing1 => "d-b1",
        DayShape.Failing2 => "d-b2",
        DayShape.Failing3 => "d-b3",
        DayShape.Failing4 => "d-b4",
        DayShape.Maintenance => "d-off",
        _ => "d-gap",
    };

    private static Html Picture(DayShape shape) => shape switch
    {
        DayShape.Good => Html.Of($"""<path class="good" d="M0 34V14h.7v20z"/>"""),
        DayShape.Blip => Html.Of($"""<path class="good" d="M0 34V21h.7v13z"/><path class="warn" d="M0 19v-6l.35-5 .35 5v6z"/>"""),
        DayShape.Failing1 => Html.Of($"""<path class="good" d="M0 34V13h.7v21z"/><path class="bad" d="M0 11V6l.35-6L.7 6v5z"/>"""),
        DayShape.Failing2 => Html.Of($"""<path class="good" d="M0 34V19h.7v15z"/><path class="bad" d="M0 17V6l.35-6L.7 6v11z"/>"""),
        DayShape.Failing3 => Html.Of($"""<path class="good" d="M0 34v-8h.7v8z"/><path class="bad" d="M0 24V6l.35-6L.7 6v18z"/>"""),
        DayShape.Failing4 => Html.Of($"""<path class="bad" d="M0 34V6l.35-6L.7 6v28z"/>"""),
        DayShape.Maintenance => Html.Of($"""<path class="note" d="M0 34v-8h.7v8zM0 22v-8h.7v8z"/>"""),
        _ => Html.Of($"""<path class="unknown" d="M.15 34v-3h.4v3zM.15 27v-3h.4v3zM.15 20v-3h.4v3z"/>"""),
    };

    private static Html Describe(PageContext context, SeriesTrend check, List<PeriodTrend?> days, List<DayShape?> shapes, bool hasLinks)
    {
        Html Last(int index)
        {
            var day = Html.Of($"{Words.Day(days[index]!.Start)}");
            return hasLinks ? Link(context, check, days[index]!, day) : day;
        }

        var lastFailing = shapes.FindLastIndex(IsFailing);

        (int Count, Html Text)[] parts =
        [
            (shapes.Count(shape => shape == DayShape.Good), Html.Of($"good")),
            (shapes.Count(shape => shape == DayShape.Blip), Html.Of($"with failures")),
            (shapes.Count(IsFailing), lastFailing < 0 ? Html.Of($"") : Html.Of($"failing, last {Last(lastFailing)}")),
            (shapes.Count(shape => shape == DayShape.Maintenance), Html.Of($"maintenance")),
            (shapes.Count(shape => shape == DayShape.Missing), Html.Of($"not recorded")),
            (shapes.Count(shape => shape is null), Html.Of($"before the first record")),
        ];
        return Html.Join(parts
            .Where(part => part.Count > 0)
            .Select((part, index) => Html.Of($"{(index == 0 ? "" : " · ")}{part.Count} {part.Text}")));
    }
}
