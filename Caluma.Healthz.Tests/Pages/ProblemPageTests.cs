using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Tests.Pages;

public sealed class ProblemPageTests
{
    [Theory]
    [InlineData(400, "This address cannot be answered", "unknown-edge", "<a href=\"dashboard?code=k\">dashboard</a>")]
    [InlineData(404, "Not found", "unknown-edge", "<a href=\"dashboard?code=k\">dashboard</a>")]
    [InlineData(503, "Current state unknown", "bad-edge", "<a href=\"./?code=k\">report</a>, or <code>caluma-healthz check</code>")]
    [InlineData(500, "The probe itself has failed", "bad-edge", "look for <code>HealthzException</code> in the log")]
    public void The_page_has_the_problem_the_environment_and_what_to_try(int status, string title, string edge, string step)
    {
        var page = ProblemPage.Render(
            status, "days must be <1>", PageQuery.Plain("/healthz/trend", "?days=0&code=k"), Reports.Environment("Healthz__Name=staging"));

        Assert.Contains($"<title>{title} · staging · Caluma health", page, StringComparison.Ordinal);
        Assert.Contains($"class=\"verdict {edge}\"", page, StringComparison.Ordinal);
        Assert.Contains("<p>days must be &lt;1&gt;.</p>", page, StringComparison.Ordinal);
        Assert.Contains(step, page, StringComparison.Ordinal);
    }
}
