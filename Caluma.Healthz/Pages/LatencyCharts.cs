using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The section with the charts of the latencies.</summary>
internal static class LatencyCharts
{
    /// <summary>More charts make a page long and heavy, which one of many checks is without them.</summary>
    private const int Many = 48;

    public static Html Draw(TrendReport report, int days)
    {
        var most = report.Checks.Count > Many ? 6 : 12;
        var left = report.Checks.Count - most;
        return Html.Of($"""
            <section aria-labelledby="latency"><h2 id="latency">Latency, last {Words.Count(days, "day", "days")}</h2>
            <ul class="legend" aria-label="What the charts show">{Key("p95", "p95")}{Key("p50", "p50")}{Key("timeout", "timeout")}{Key("forecast", "trend of the last 7 days, where it leads to the timeout")}{Key("failed", "failures")}{Key("excluded", "maintenance")}{Key("missing", "not recorded")}</ul>
            <p><small>Each line up is ten times as much as the one below it.</small></p>
            <div class="charts">{Html.Join(CheckTable.InOrder(report).Take(most).Select(check => LatencyChart.Draw(check, report, days)))}</div>
            {(left > 0 ? Html.Of($"<p>{Words.Count(left, "chart is", "charts are")} not shown: add <code>&amp;target=</code> and an alias to the address.</p>") : null)}
            </section>
            """);
    }

    private static Html Key(string name, string text) => Html.Of(
        $"""<li><svg class="key" viewBox="0 0 24 12" aria-hidden="true"><path class="{name}" d="M0 6h24"/></svg>{text}</li>""");
}
