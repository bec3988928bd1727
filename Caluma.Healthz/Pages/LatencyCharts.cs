using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The section with the charts of the latencies and of the error budgets.</summary>
internal static class LatencyCharts
{
    /// <summary>More charts would make the page too long and too large.</summary>
    private const int Max = 12;

    private const int MaxOfMany = 3;

    public static Section Draw(PageContext context)
    {
        var query = context.Query;
        var all = CheckTable.InOrder(context.Report).Where(check => !query.OnlyFailing || check.Ok is false).ToList();
        var max = all.Count > CheckTable.MaxDetailed ? MaxOfMany : Max;
        var left = all.Count - max;
        var charts = all.Take(max).Select(check => LatencyChart.Draw(context, check));
        var scale = query.HasAutoScale ? "The scale fits what each chart shows." : "Log scale: each line is 10x the one below.";
        var title = $"Latency, last {Words.Count(query.Days, "day", "days")}";
        var offer = $"Show {Words.Count(Math.Min(all.Count, max), "chart", "charts")}";
        return Section.Folded("latency", "Latency", title, offer, Html.Of($"""
            {Views(query)}
            <ul class="legend" aria-label="Legend of the charts">{Key("p95", "p95")}{Key("p50", "p50")}{Key("timeout", "timeout")}
            {Key("forecast", "trend of the last 7 days, where it leads to the timeout")}{Key("failed", "failures")}
            {Key("excluded", "maintenance")}{Key("missing", "not recorded")}
            {Key("left", "error budget left")}{Key("even", "used evenly")}</ul>
            <p><small>{scale}</small></p>
            <div class="charts">{Html.Join(charts)}</div>
            {(left > 0 ? Html.Of($"<p>{Words.Count(left, "chart is", "charts are")} not shown: open a check for its own.</p>") : null)}
            """));
    }

    private static Html Views(PageQuery query)
    {
        Html View(PageQuery other, string text) => Layout.View(query, other, "#latency", text);

        var days = Html.Join(PageQuery.AllDays.Select(days => View(query with { Days = days }, $"{days} d")));
        return Html.Of($"""
            <ul class="views" aria-label="What the charts reach back to">{days}
            {View(query with { HasAutoScale = false }, "up to the timeout")}{View(query with { HasAutoScale = true }, "close up")}</ul>
            """);
    }

    private static Html Key(string name, string text) => Html.Of(
        $"""<li><svg class="key" viewBox="0 0 24 12" aria-hidden="true"><path class="{name}" d="M0 6h24"/></svg>{text}</li>""");
}
