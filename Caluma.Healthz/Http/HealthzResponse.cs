using System.Text;
using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Http;

/// <summary>The response that a front door sends.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">The body; empty for HEAD.</param>
public sealed record HealthzResponse(int StatusCode, string ContentType, ReadOnlyMemory<byte> Body)
{
    private const string PlainText = "text/plain";

    /// <summary>The headers besides the content type.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } =
    [
        new("Cache-Control", "no-store"),
        new("X-Content-Type-Options", "nosniff"),
    ];

    /// <summary>
    /// The problem as a sentence without a full stop, for the HTML page of a person; null where people and programs get the same
    /// body.
    /// </summary>
    internal string? Problem { get; init; }

    internal static HealthzResponse Text(int statusCode, string body = "") => new(statusCode, PlainText, Encoding.UTF8.GetBytes(body));

    internal static HealthzResponse Json(int statusCode, ReadOnlyMemory<byte> body) => new(statusCode, "application/json", body);

    internal HealthzResponse With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };

    internal HealthzResponse WithoutBody() => this with { ContentType = PlainText, Body = default };

    internal static HealthzResponse Refusal(int statusCode, string message) =>
        Json(statusCode, ReportJson.Error(statusCode, message)) with { Problem = message };

    internal static HealthzResponse Page(int statusCode, string html) =>
        new HealthzResponse(statusCode, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(html))
            .With("Content-Security-Policy", DashboardStyle.ContentSecurityPolicy)
            .With("Referrer-Policy", "no-referrer");
}
