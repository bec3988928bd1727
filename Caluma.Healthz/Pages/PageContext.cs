using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The data of a page, and the texts that several sections share.</summary>
internal sealed class PageContext
{
    private readonly HashSet<Check> _withOneTarget;

    /// <param name="all">The whole report, of which the page may show a part.</param>
    /// <param name="query">The query of the page.</param>
    /// <param name="environment">The environment.</param>
    public PageContext(TrendReport all, PageQuery query, PageEnvironment environment)
    {
        All = all;
        Query = query;
        Environment = environment;
        Report = Shown(all, query);
        _withOneTarget = [.. all.Checks.GroupBy(check => check.Check).Where(IsDefaultAlone).Select(targets => targets.Key)];
    }

    public TrendReport All { get; }

    /// <summary>The part of the report that the page shows.</summary>
    public TrendReport Report { get; }

    public PageQuery Query { get; }

    public PageEnvironment Environment { get; }

    /// <summary>The incidents of the shown checks, the newest first.</summary>
    public IReadOnlyList<IncidentView> Incidents => field ??= IncidentView.Of(this);

    public DateTimeOffset Now => All.Now;

    public DateTimeOffset Today => new(All.Now.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>
    /// The name of a check and its target. An alias may be written from right to left, which must not turn the text beside
    /// it.
    /// </summary>
    public Html Name(Check check, string? target) => target is null || IsOnlyTarget(check, target)
        ? Html.Of($"<b>{check.Key()}</b>")
        : Html.Of($"<b>{check.Key()}</b> <bdi>{target}</bdi>");

    /// <inheritdoc cref="Name(Check, string?)"/>
    public Html Name(SeriesTrend check) => Name(check.Check, check.Target);

    /// <summary>The name of a check and its target, as a link to their page.</summary>
    public Html Link(Check check, string target) => Html.Of($"<a href=\"{Query.Of(check, target).Address}\">{Name(check, target)}</a>");

    /// <summary>The same as plain text, for headings and tabs.</summary>
    public string PlainName(SeriesTrend check) =>
        IsOnlyTarget(check.Check, check.Target) ? check.Check.Key() : $"{check.Check.Key()} {check.Target}";

    /// <summary>The name of a check and its target, as a link unless this is their page.</summary>
    public Html LinkFromHere(Check check, string target) =>
        Query.Check == check && Query.Target == target && Query.Page == PageQuery.Dashboard ? Name(check, target) : Link(check, target);

    /// <summary>The address of a target, to be put after its name; null where the target is no longer configured.</summary>
    public Html? At(Check check, string target) =>
        Environment.AddressOf(check, target) is { } address ? Html.Of($" at <code>{address}</code>") : null;

    /// <summary>Whether a target need not be named, because a check has only this one.</summary>
    public bool IsOnlyTarget(Check check, string? target) =>
        target == Configuration.CheckTargets.MediaStorage && _withOneTarget.Contains(check);

    /// <summary>A moment in the reader's time zone, with UTC beside it where they differ.</summary>
    public Html Moment(DateTimeOffset time)
    {
        var beside = Query.Zone == PageZone.Utc ? null : Html.Of($" <small>{Words.Time(time)[11..]} UTC</small>");
        return Html.Of($"<time datetime=\"{Words.Machine(time)}\">{Words.Time(Local(time))}{beside}</time>");
    }

    /// <summary>The time of day: <c>14:19</c>.</summary>
    public Html Clock(DateTimeOffset time) => Html.Of($"<time datetime=\"{Words.Machine(time)}\">{Words.Time(Local(time))[11..]}</time>");

    /// <summary>A period, with the date only once where both ends are on the same day.</summary>
    public Html Span(DateTimeOffset from, DateTimeOffset to) =>
        Local(from).Date == Local(to).Date ? Html.Of($"{Moment(from)} to {Clock(to)}") : Html.Of($"{Moment(from)} to {Moment(to)}");

    /// <summary>A day of the records, which is a UTC day in every time zone.</summary>
    public static Html Day(DateTimeOffset day) => Html.Of($"<time datetime=\"{Words.Day(day)}\">{Words.Day(day)}</time>");

    /// <summary>A moment in the reader's time zone, with an offset of zero for formatting.</summary>
    public DateTimeOffset Local(DateTimeOffset time) => time.ToUniversalTime() + Query.Zone.OffsetAt(time);

    /// <summary>The name of the time zone and its offset now: <c>Europe/Zurich (UTC+01:00)</c>.</summary>
    public string ZoneLabel()
    {
        var offset = Query.Zone.OffsetAt(Now);
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        return Query.Zone.Id == "UTC" ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"{Query.Zone.Id} (UTC{sign}{offset:hh\\:mm})");
    }

    /// <summary>A list with a maximum of entries, and the number of the others.</summary>
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
