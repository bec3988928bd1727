namespace Caluma.Healthz.Pages;

/// <summary>The banner with active and coming maintenance.</summary>
internal static class MaintenanceBanner
{
    private const int MaxComing = 3;
    private const string NotCounted = "Runs are recorded, but neither counted nor alerted on.";

    /// <summary>How long before its start maintenance is shown.</summary>
    private static readonly TimeSpan _ahead = TimeSpan.FromDays(14);

    public static Html? Draw(PageContext context)
    {
        var now = context.Now;
        var lines = new List<Html>();
        if (context.Environment.ActiveMaintenance(now) is { } active)
        {
            var end = Html.Of($"{context.Moment(active.End)} (in {Words.Length(active.End - now)})");
            lines.Add(Html.Of(
                $"<b>Maintenance</b> since {context.Moment(active.Start)}, until {end}. {NotCounted}"));
        }

        foreach (var coming in context.Environment.ComingMaintenance(now).Where(window => window.Start < now + _ahead).Take(MaxComing))
        {
            var ahead = Words.Length(coming.Start - now);
            lines.Add(Html.Of($"<b>Planned maintenance</b> {context.Span(coming.Start, coming.End)}, in {ahead}."));
        }

        var all = Html.Join(lines.Select(line => Html.Of($"<p>{Mark.Of(Tone.Maintenance)}{line}</p>")));
        return lines.Count == 0 ? null : Html.Of($"<div class=\"banner\" role=\"note\">{all}</div>");
    }
}
