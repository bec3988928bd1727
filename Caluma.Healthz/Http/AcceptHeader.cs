using System.Net.Http.Headers;

namespace Caluma.Healthz.Http;

/// <summary>What an <c>Accept</c> header asks for: https://www.rfc-editor.org/rfc/rfc9110#name-accept.</summary>
internal static class AcceptHeader
{
    private const string Page = "text/html";
    private const string Json = "application/json";

    /// <summary>Whether it names a media type; <c>*/*</c> does not.</summary>
    public static bool Names(string accept, string mediaType) => Quality(accept, mediaType) > 0;

    /// <summary>Whether a person asks: it names a page, as all browsers do, and does not like JSON better.</summary>
    public static bool PrefersPage(string accept) => Names(accept, Page) && Quality(accept, Page) >= Quality(accept, Json);

    private static double Quality(string accept, string mediaType) => accept.Split(',')
        .Select(range => MediaTypeWithQualityHeaderValue.TryParse(range, out var parsed)
            && string.Equals(parsed.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
                ? parsed.Quality ?? 1
                : 0)
        .Max();
}
