using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Caluma.Healthz.Http;

namespace Caluma.Healthz.Server.Serving;

/// <summary>
/// Checks keys like the Functions host: in the header <c>x-functions-key</c> or the query parameter <c>code</c>. A browser may also send
/// one as the password of HTTP Basic (https://www.rfc-editor.org/rfc/rfc7617), with any user name.
/// </summary>
/// <param name="keys">The keys that open everything, separated by commas.</param>
/// <param name="viewKeys">The keys that open only the badge and the bare status, separated by commas.</param>
internal sealed class FunctionKeys(string? keys, string? viewKeys = null)
{
    /// <summary>The routes that a view key opens. They have no names, times or records.</summary>
    private static readonly string[] _viewRoutes = [HealthzRoutes.Badge, HealthzRoutes.Bare];

    /// <summary>Hashes, so that all comparisons have the same length and no process dump shows a key.</summary>
    private readonly List<byte[]> _hashes = Hashes(keys);

    private readonly List<byte[]> _viewHashes = Hashes(viewKeys);

    public bool IsEmpty => _hashes.Count == 0;

    /// <summary>Whether a key is in both lists: a key of a README would then open everything.</summary>
    public bool HasKeyInBoth => _viewHashes.Any(view => _hashes.Any(hash => view.AsSpan().SequenceEqual(hash)));

    /// <remarks>Takes the same time for any key, matching or not.</remarks>
    public bool Allow(HttpRequest request)
    {
        var hash = Hash(Presented(request));
        return IsAmong(_hashes, hash) | (_viewHashes.Count > 0 && IsAmong(_viewHashes, hash) & IsForView(request));
    }

    private static bool IsForView(HttpRequest request) =>
        _viewRoutes.Contains(request.Path.Value?.Trim('/') ?? "", StringComparer.OrdinalIgnoreCase);

    private static string Presented(HttpRequest request)
    {
        if (request.Headers.TryGetValue("x-functions-key", out var header))
        {
            return header.ToString();
        }

        return request.Query.TryGetValue("code", out var code) ? code.ToString() : Password(request.Headers.Authorization.ToString()) ?? "";
    }

    private static string? Password(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var value)
            || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase)
            || value.Parameter is not { } parameter)
        {
            return null;
        }

        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
        {
            return null;
        }

        var credentials = Encoding.UTF8.GetString(bytes, 0, length);
        return credentials.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? credentials[(colon + 1)..] : null;
    }

    private static bool IsAmong(IReadOnlyList<byte[]> hashes, byte[] hash)
    {
        var matches = false;
        foreach (var key in hashes)
        {
            matches |= CryptographicOperations.FixedTimeEquals(key, hash);
        }

        return matches;
    }

    private static List<byte[]> Hashes(string? keys) =>
        [.. (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Hash)];

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
