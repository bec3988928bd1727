using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>What each section of a page is drawn from, and what several of them say in the same way.</summary>
internal sealed class PageContext
{
    private readonly HashSet<Check> _withOneTarget;

    /// <param name="all">All that is known; the page may show less of it.</param>
    /// <param name="query">What the reader has asked for.</param>
    /// <param name="environment">What is known besides.</param>
    public PageContext(TrendReport all, PageQuery query, PageEnvironment environment)
    {
        All = all;
        Query = query;
        Environment = environment;
        Report = Shown(all, query);
        _withOneTarget = [.. all.Checks.GroupBy(check => check.Check).Where(IsDefaultAlone).Select(targets => targets.Key)];
    }

    public TrendReport All { get; }

    /// <summary>What the page shows of it.</summary>
    public TrendReport Report { get; }

    public PageQuery Query { get; }

    public PageEnvironment Environment { get; }

    /// <summary>The incidents of what the page shows, the newest first.</summary>
    public IReadOnlyList<IncidentView> Incidents => field ??= IncidentView.Of(this);

    public DateTimeOffset Now => All.Now;

    public DateTimeOffset Today => new(All.Now.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>A check and its target. An alias may be written from right to left, which must not turn round what is beside it.</summary>
    public Html Name(Check check, string? target) => target is null || IsOnlyTarget(check, target)
        ? Html.Of($"<b>{check.Key()}</b>")
        : Html.Of($"<b>{check.Key()}</b> <bdi>{target}</bdi>");

    /// <inheritdoc cref="Name(Check, string?)"/>
    public Html Name(SeriesTrend check) => Name(check.Check, check.Target);

    /// <summary>A check and its target, as a link to the page about them.</summary>
    public Html Link(Check check, string target) => Html.Of($"<a href=\"{Query.Of(check, target).Address}\">{Name(check, target)}</a>");

    /// <summary>Where a check looks, as the end of what names it; null where it looks nowhere any more.</summary>
    public Html? At(Check check, string target) =>
        Environment.AddressOf(check, target) is { } address ? Html.Of($" at <code>{address}</code>") : null;

    /// <summary>Whether there is no need to name a target.</summary>
    public bool IsOnlyTarget(Check check, string? target) =>
        target == Configuration.CheckTargets.MediaStorage && _withOneTarget.Contains(check);

    /// <summary>A moment in the reader's time zone, with UTC beside it where that is another.</summary>
    public Html Moment(DateTimeOffset time)
    {
        var beside = Query.Zone == PageZone.Utc ? null : Html.Of($" <small>{Words.Time(time)[11..]} UTC</small>");
        return Html.Of($"<time datetime=\"{Words.Machine(time)}\">{Words.Time(Local(time))}{beside}</time>");
    }

    /// <summary>Only the time of a day: <c>14:19</c>.</summary>
    public Html Clock(DateTimeOffset time) => Html.Of($"<time datetime=\"{Words.Machine(time)}\">{Words.Time(Local(time))[11..]}</time>");

    /// <summary>From a moment to another, without saying the day twice.</summary>
    public Html Span(DateTimeOffset from, DateTimeOffset to) =>
        Local(from).Date == Local(to).Date ? Html.Of($"{Moment(from)} to {Clock(to)}") : Html.Of($"{Moment(from)} to {Moment(to)}");

    /// <summary>A day of the records; these are days of UTC in every zone.</summary>
    public static Html Day(DateTimeOffset day) => Html.Of($"<time datetime=\"{Words.Day(day)}\">{Words.Day(day)}</time>");

    /// <summary>A moment as the reader's clock shows it, with an offset of zero, so that it can be formatted like any other.</summary>
    public DateTimeOffset Local(DateTimeOffset time) => time.ToUniversalTime() + Query.Zone.OffsetAt(time);

    /// <summary>The name of the zone and how far it is from UTC now: <c>Europe/Zurich (UTC+01:00)</c>.</summary>
    public string ZoneLabel()
    {
        var offset = Query.Zone.OffsetAt(Now);
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        return Query.Zone.Id == "UTC" ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"{Query.Zone.Id} (UTC{sign}{offset:hh\\:mm})");
    }

    /// <summary>A list of no more than so many, and how many there are besides.</summary>
    public static Html List(IReadOnlyCollection<Html> entries, int max)
    {
        var more = entries.Count > max ? Html.Of($"<li>and {Words.Count(entries.Count - max, "more", "more")}</li>") : null;
        return Html.Of($"<ul>{Html.Join(entries.Take(max).Select(entry => Html.Of($"<li>{entry}</li>")))}{more}</ul>");
    }

    private static bool IsDefaultAlone(IEnumerable<SeriesTrend> targets) =>
        targets.Select(check => check.Target).Distinct().ToList() is [Configuration.CheckTargets.MediaStorage];

    private static TrendReport Shown(TrendReport all, PageQuery query)
    {
        bool Shows(Check? check, string? target) =>
            (query.Check is null || check is null || check == query.Check)
            && (query.Target is null || target is null || target == query.Target);

        return all with
        {
            Checks = [.. all.Checks.Where(check => Shows(check.Check, check.Target))],
            Alerts = [.. all.Alerts.Where(alert => Shows(alert.Check, alert.Target))],
            Ended = [.. all.Ended.Where(alert => Shows(alert.Check, alert.Target))],
        };
    }
}
