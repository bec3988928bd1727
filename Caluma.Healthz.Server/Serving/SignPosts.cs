using System.Text;
using Caluma.Healthz.Http;

namespace Caluma.Healthz.Server.Serving;

/// <summary>Helps a person who opens the wrong address or has no key. Programs get only the status.</summary>
internal static class SignPosts
{
    private const string Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Front =
        "<p>This is a health probe for Caluma.</p><ul><li><a href=\"healthz/dashboard\">Dashboard</a></li>"
        + "<li><a href=\"healthz\">Report</a>, for programs</li><li><a href=\"healthz/ping\">Ping</a>, without a key</li></ul>";

    private const string NoKey =
        "<p>This page needs a key. Reload it, and give any user and one of the keys in HEALTHZ_FUNCTION_KEYS as the password; "
        + "or open it with <code>?code=</code> and the key.</p>";

    /// <summary>Answers <c>/</c> with 404 and links to the pages.</summary>
    public static Task AnswerFrontAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return AcceptHeader.PrefersPage(context.Request.Headers.Accept.ToString())
            ? WriteAsync(context, StatusCodes.Status404NotFound, "Caluma health", Front)
            : Task.CompletedTask;
    }

    /// <summary>Answers a request with a missing or wrong key, so that a browser asks for it.</summary>
    public static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        if (!AcceptHeader.PrefersPage(context.Request.Headers.Accept.ToString()))
        {
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Caluma health: any user, the key as password\", charset=\"UTF-8\"";
        return WriteAsync(
            context, StatusCodes.Status401Unauthorized, "A key is needed", context.Request.Path == "/" ? $"{NoKey}{Front}" : NoKey);
    }

    private static async Task WriteAsync(HttpContext context, int status, string title, string body)
    {
        var page = Encoding.UTF8.GetBytes(
            $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
                + "initial-scale=1\">"
            + "<meta name=\"color-scheme\" content=\"light "
            + $"dark\"><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>\n");
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(page, CancellationToken.None);
        }
    }
}
