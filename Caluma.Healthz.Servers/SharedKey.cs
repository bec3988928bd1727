using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Caluma.Healthz.Servers;

/// <summary>
/// Signs a request to a storage with the key of its account:
/// https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key.
/// </summary>
internal static class SharedKey
{
    private const string Own = "x-ms-";

    private static readonly string[] _headers =
    [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ];

    /// <summary>The header <c>Authorization</c> of a request.</summary>
    /// <param name="request">The request, as its client has sent it.</param>
    /// <param name="account">The name of the account.</param>
    /// <param name="key">The key, in base64.</param>
    public static string Sign(HttpRequest request, string account, string key)
    {
        var path = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        string[] lines =
        [
            request.Method,
            .. _headers.Select(name => name switch
            {
                "Content-Length" when request.ContentLength == 0 => "",
                "Date" when request.Headers.ContainsKey($"{Own}date") => "",
                _ => $"{request.Headers[name]}",
            }),
            .. request.Headers.Where(header => header.Key.StartsWith(Own, StringComparison.OrdinalIgnoreCase))
                .Select(header => (Name: Lower(header.Key), header.Value))
                .OrderBy(header => header.Name, StringComparer.Ordinal)
                .Select(header => $"{header.Name}:{header.Value}"),
            $"/{account}{path}",
            .. request.Query.Select(parameter => (Name: Lower(parameter.Key), parameter.Value))
                .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
                .Select(parameter => $"{parameter.Name}:{parameter.Value}"),
        ];
        var text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        return $"SharedKey {account}:{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), text))}";
    }

    private static string Lower(string name) => name.ToLowerInvariant();
}
