using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>Links of every page have the right target, also behind a proxy that serves the probe under another path.</summary>
public sealed class PageQueryTests
{
    [Theory]
    [InlineData("/healthz/dashboard", "?{check}", "incidents?{incident}", "./?code=k", "history?code=k")]
    [InlineData("/healthz/dashboard/", "?{check}", "../incidents?{incident}", "../?code=k", "../history?code=k")]
    [InlineData("/HEALTHZ/Dashboard", "?{check}", "incidents?{incident}", "./?code=k", "history?code=k")]
    [InlineData("/healthz/incidents", "dashboard?{check}", "?{incident}", "./?code=k", "history?code=k")]
    [InlineData("/healthz/incidents/", "../dashboard?{check}", "?{incident}", "../?code=k", "../history?code=k")]
    [InlineData("/healthz", "healthz/dashboard?{check}", "healthz/incidents?{incident}", "healthz/?code=k", "healthz/history?code=k")]
    [InlineData("/healthz/", "dashboard?{check}", "incidents?{incident}", "./?code=k", "history?code=k")]
    [InlineData("/healthz/no/such", "../dashboard?{check}", "../incidents?{incident}", "../?code=k", "../history?code=k")]
    [InlineData(
        "/other/page",
        "../healthz/dashboard?{check}",
        "../healthz/incidents?{incident}",
        "../healthz/?code=k",
        "../healthz/history?code=k")]
    public void A_link_is_relative_to_the_page_it_is_on(string path, string check, string incident, string report, string history)
    {
        var query = PageQuery.Plain(path, "?code=k");
        string[] addresses =
            [query.Of(Check.Caches, "a b").Address, query.IncidentAddress("x"), query.ReportAddress, query.AddressOf("history")];

        Assert.Equal(
            [
                check.Replace("{check}", "check=caches&target=a%20b&code=k", StringComparison.Ordinal),
                incident.Replace("{incident}", "id=x&code=k", StringComparison.Ordinal),
                report,
                history,
            ],
            addresses);
        Assert.All(
            addresses,
            address => Assert.StartsWith(
                "/healthz/", new Uri(new Uri($"http://probe.example{path}"), address).AbsolutePath, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_page_of_an_incident_keeps_the_zone_and_the_pause()
    {
        var query = PageQuery.Parse("/healthz/incidents", "?id=x&tz=Europe/Zurich&refresh=off", out _)!;

        Assert.Equal("?id=x&tz=Europe%2FZurich&refresh=off", query.OwnAddress);
        Assert.Equal("dashboard?tz=Europe%2FZurich&refresh=off", query.Address);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void An_invalid_id_is_refused(int length)
    {
        Assert.Null(PageQuery.Parse("/healthz/incidents", $"?id={new string('x', length)}", out var problem));
        Assert.Equal("id must be that of an incident, as in the links of the dashboard", problem);
    }
}
