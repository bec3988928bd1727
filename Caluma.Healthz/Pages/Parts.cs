using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>What several sections of the dashboard say in the same way.</summary>
internal static class Parts
{
    /// <summary>A check and its target. An alias may be written from right to left, which must not turn round what is beside it.</summary>
    public static Html Name(Check check, string? target) => Html.Of($"<b>{check.Key()}</b> <bdi>{target}</bdi>");

    /// <inheritdoc cref="Name(Check, string?)"/>
    public static Html Name(SeriesTrend check) => Name(check.Check, check.Target);

    public static Html Moment(DateTimeOffset time) => Html.Of($"<time datetime=\"{Words.Machine(time)}\">{Words.Time(time)}</time>");

    /// <summary>A list of no more than so many, and how many there are besides.</summary>
    public static Html List(IReadOnlyCollection<Html> entries, int most)
    {
        var more = entries.Count > most ? Html.Of($"<li>and {Words.Count(entries.Count - most, "more", "more")}</li>") : null;
        return Html.Of($"<ul>{Html.Join(entries.Take(most).Select(entry => Html.Of($"<li>{entry}</li>")))}{more}</ul>");
    }
}
