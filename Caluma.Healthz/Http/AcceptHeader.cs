using System.Net.Http.Headers;

namespace Caluma.Healthz.Http;

/// <summary>Reads an <c>Accept</c> header: https://www.rfc-editor.org/rfc/rfc9110#name-accept.</summary>
internal static class AcceptHeader
{
    private const string Page = "text/html";
    private const string Json = "application/json";

    /// <summary>Whether it names a media type; <c>*/*</c> names none.</summary>
    public static bool Names(string accept, string mediaType) => Quality(accept, mediaType) > 0;

    /// <summary>Whether a person asks: the header names HTML, as in all browsers, and does not prefer JSON.</summary>
    public static bool PrefersPage(string accept) => Names(accept, Page) && Quality(accept, Page) >= Quality(accept, Json);

    private static double Quality(string accept, string mediaType) => !accept.Contains(mediaType, StringComparison.OrdinalIgnoreCase)
        ? 0
        : accept.Split(',')
            .Select(range => MediaTypeWithQualityHeaderValue.TryParse(range, out var parsed)
                && string.Equals(parsed.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
                    ? parsed.Quality ?? 1
                    : 0)
            .Max();
}
