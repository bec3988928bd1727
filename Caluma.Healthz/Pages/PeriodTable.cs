using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The table of the hours or days of a check on a target.</summary>
internal static class PeriodTable
{
    /// <param name="label">The id of the table's heading.</param>
    /// <param name="period">The name of a row's period.</param>
    /// <param name="rows">The rows.</param>
    public static Html Draw(string label, string period, IEnumerable<Html> rows) => Html.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="{period}s as a table"><table class="periods" aria-labelledby="{label}">
        <thead><tr><th scope="col">{period}<th scope="col">Failed<th scope="col" class="why">Reasons<th scope="col">Runs
        <th scope="col">Passed<th scope="col">p50<th scope="col">p95<th scope="col">Not counted<th scope="col">Missing</tr></thead>
        <tbody>{Html.Join(rows)}</tbody></table></div>

        """);

    /// <param name="name">The name of the period.</param>
    /// <param name="period">The results of the period.</param>
    public static Html Row(Html name, PeriodTrend period)
    {
        var passed = period.Runs == 0 ? (double?)null : 100.0 * (period.Runs - period.Failed) / period.Runs;
        var failed = period.Failed == 0 ? Html.Of($"0") : Html.Of($"<b class=\"bad-text\">{Number(period.Failed)}</b>");
        return Html.Of($"""
            <tr><th scope="row">{name}<td>{failed}<td class="why">{period.Reasons.ToString()}<td>{Number(period.Runs)}
            <td>{Words.Percent(passed)}<td>{Words.Latency(period.P50)}<td>{Words.Latency(period.P95)}
            <td>{Number(period.Excluded)}<td>{Number(period.Missing)}

            """);
    }

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
