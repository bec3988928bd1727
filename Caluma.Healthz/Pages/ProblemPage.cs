namespace Caluma.Healthz.Pages;

/// <summary>Draws the page for an error. A program gets the same status and a line of JSON.</summary>
internal static class ProblemPage
{
    /// <param name="status">The HTTP status.</param>
    /// <param name="problem">The problem, as a sentence without a full stop.</param>
    /// <param name="query">The query of the request, for the links.</param>
    /// <param name="environment">The environment.</param>
    public static string Render(int status, string problem, PageQuery query, PageEnvironment environment)
    {
        var (text, tone) = status switch
        {
            400 => ("This address cannot be answered", Tone.Unknown),
            404 => ("Not found", Tone.Unknown),
            503 => ("Current state unknown", Tone.Bad),
            _ => ("The probe itself has failed", Tone.Bad),
        };
        return Layout.Draw(environment, query, new Verdict(text, tone, Html.Of($"<p>{problem}.</p>{Next(status, query)}")));
    }

    private static Html Next(int status, PageQuery query)
    {
        var report = Html.Of($"<a href=\"{query.ReportAddress}\">report</a>");
        return status switch
        {
            503 => Html.Of($"""
                <p><b>Try:</b> the {report}, or <code>caluma-healthz check</code>: both run the checks now, and need no history.
                This page tries again each minute.</p>
                """),
            500 => Html.Of($"<p><b>Try:</b> look for <code>HealthzException</code> in the log of the probe.</p>"),
            _ => Html.Of($"""
                <p><b>Try:</b> the <a href="{query.AddressOf(PageQuery.Dashboard)}">dashboard</a>, or the {report}, which runs the
                checks now.</p>
                """),
        };
    }
}
