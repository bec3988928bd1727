using Caluma.Healthz.Http;
using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Server.Serving;

/// <summary>Answers a person who opens the root or has no key with a page. Programs get only the status.</summary>
internal static class ServerPages
{
    private const string Front =
        "<p>This is a health probe for Caluma.</p><ul><li><a href=\"healthz/dashboard\">Dashboard</a></li>"
        + "<li><a href=\"healthz\">Report</a>, for programs</li><li><a href=\"healthz/ping\">Ping</a>, without a key</li></ul>";

    private const string NoKey =
        "<p>This page needs a key. Reload it, and give any user and one of the keys in HEALTHZ_FUNCTION_KEYS as the password; "
        + "or open it with <code>?code=</code> and the key.</p>";

    /// <summary>The answer of <c>/</c>: 404, with links to the pages.</summary>
    public static HealthzResponse Root(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) ? HealthzResponse.Text(405).With("Allow", "GET, HEAD")
        : IsForPerson(request) ? Page(StatusCodes.Status404NotFound, "Where to go", Front)
        : HealthzResponse.Text(StatusCodes.Status404NotFound);

    /// <summary>The answer to a missing or wrong key. A browser asks for a key then.</summary>
    public static HealthzResponse Unauthorized(HttpRequest request) => IsForPerson(request)
        ? Page(StatusCodes.Status401Unauthorized, "A key is needed", request.Path == "/" ? $"{NoKey}{Front}" : NoKey)
            .With("WWW-Authenticate", "Basic realm=\"Caluma health: any user, the key as password\", charset=\"UTF-8\"")
        : HealthzResponse.Text(StatusCodes.Status401Unauthorized);

    private static bool IsForPerson(HttpRequest request) => AcceptHeader.PrefersPage(request.Headers.Accept.ToString());

    private static HealthzResponse Page(int status, string title, string body) => HealthzResponse.Page(
        status,
        $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark"><title>{title} · Caluma health</title><style>{DashboardStyle.Css}</style></head>
        <body><header><div class="top"><h1>Caluma health</h1></div></header>
        <main><section class="verdict unknown-edge"><h2>{title}</h2>{body}</section></main></body></html>

        """);
}
