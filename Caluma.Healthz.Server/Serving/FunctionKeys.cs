using System.Security.Cryptography;
using System.Text;

namespace Caluma.Healthz.Server.Serving;

/// <summary>The keys that open the server, as the Functions host does it: header <c>x-functions-key</c> or query <c>code</c>.</summary>
internal sealed class FunctionKeys
{
    /// <summary>Hashes, so that all comparisons are of one length, and so that no dump of the process shows a key.</summary>
    private readonly IReadOnlyList<byte[]> _hashes;

    private FunctionKeys(IReadOnlyList<byte[]> hashes) => _hashes = hashes;

    public bool IsEmpty => _hashes.Count == 0;

    public static FunctionKeys Parse(string? keys) => new(
        [.. (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Hash)]);

    /// <remarks>Takes the same time whichever key matches, or none.</remarks>
    public bool Open(HttpRequest request)
    {
        var presented = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"].ToString();
        var hash = Hash(presented);
        var matches = false;
        foreach (var key in _hashes)
        {
            matches |= CryptographicOperations.FixedTimeEquals(key, hash);
        }

        return matches;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
