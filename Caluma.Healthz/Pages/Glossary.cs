using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The terms that the pages use.</summary>
internal static class Glossary
{
    public static Section Draw(TrendReport report) => Section.Folded("words", "Terms", "Terms", "Show the terms", Html.Of($"""
        <dl class="words"><div><dt>p50 and p95</dt><dd>Half, and 95 of 100, of the runs that passed took no longer than this.</dd></div>
        <div><dt>Objective</dt><dd>{report.Slo} % of the runs of each check on each target are to pass.
        Runs during maintenance do not count.</dd></div>
        <div><dt>Error budget</dt><dd>The other {100 - report.Slo} % of the runs of 30 days, which may fail.
        Burning 2x too fast uses it up in 15 days.</dd></div>
        <div><dt>–</dt><dd>Too little of this time was recorded to tell.</dd></div></dl>
        """));
}
