using Caluma.Healthz.Http;

namespace Caluma.Healthz.Tests.Http;

public sealed class AcceptHeaderTests
{
    [Theory]
    [InlineData("text/html", true)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", true)]
    [InlineData("TEXT/HTML;q=0.1", true)]
    [InlineData("text/html;q=0.5, application/json;q=0.5", true)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/*", false)]
    [InlineData("text/html;q=0", false)]
    [InlineData("application/json, text/html;q=0.9", false)]
    [InlineData("application/json, text/plain, */*", false)]
    [InlineData("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", false)]
    [InlineData("nonsense;;;", false)]
    public void A_person_asks_for_HTML_by_name(string accept, bool prefersPage) =>
        Assert.Equal(prefersPage, AcceptHeader.PrefersPage(accept));
}
