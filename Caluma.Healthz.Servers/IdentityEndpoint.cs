using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A double of the endpoint at which App Service and Functions issue tokens of a managed identity:
/// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference. A <see cref="FaultServer"/> in front of
/// it adds faults.
/// </summary>
internal sealed class IdentityEndpoint : WebServer
{
    public const string StorageAudience = "https://storage.azure.com";

    private const string Path = "/msi/token";

    private readonly string _secret = RandomNumberGenerator.GetHexString(32);
    private int _asked;

    private IdentityEndpoint() => Routes.MapGet(Path, Answer);

    /// <summary>The audience of its tokens; by default the storage.</summary>
    public string Audience { get; set; } = StorageAudience;

    /// <summary>The resource of its tokens; by default the storage.</summary>
    public string Resource { get; set; } = StorageAudience;

    /// <summary>The only token that it gives out; null for a new token for each request.</summary>
    public string? Token { get; set; }

    /// <summary>The number of requests for a token.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>A text in each token, which must be nowhere else.</summary>
    public string Canary { get; } = $"c4n4ry{RandomNumberGenerator.GetHexString(16)}";

    public static Task<IdentityEndpoint> StartAsync() => StartAsync(new IdentityEndpoint());

    /// <summary>The variables that point a process to it.</summary>
    /// <param name="proxy">The server in front of it.</param>
    public IEnumerable<KeyValuePair<string, string?>> Environment(FaultServer? proxy = null) =>
    [
        new("IDENTITY_ENDPOINT", $"http://{proxy?.EndPoint ?? EndPoint}{Path}"),
        new("IDENTITY_HEADER", _secret),
    ];

    private IResult Answer(HttpRequest request)
    {
        Interlocked.Increment(ref _asked);
        if (request.Headers["X-IDENTITY-HEADER"] != _secret || request.Query["resource"] != Resource
            || request.Query["api-version"] != "2019-08-01")
        {
            return Results.BadRequest();
        }

        var now = DateTimeOffset.UtcNow;
        var expires = now.AddHours(24);
        return Results.Json(new Dictionary<string, string>
        {
            ["access_token"] = Token ?? MakeToken(now, expires),
            ["expires_on"] = $"{expires.ToUnixTimeSeconds()}",
            ["resource"] = Resource,
            ["token_type"] = "Bearer",
            ["client_id"] = $"{Guid.Empty}",
        });
    }

    /// <remarks>Azurite checks the issuer, the audience and the times, and no signature.</remarks>
    private string MakeToken(DateTimeOffset now, DateTimeOffset expires)
    {
        var claims = new
        {
            iss = $"https://sts.windows.net/{Guid.Empty}/",
            aud = Audience,
            iat = now.ToUnixTimeSeconds(),
            nbf = now.AddMinutes(-5).ToUnixTimeSeconds(),
            exp = expires.ToUnixTimeSeconds(),
        };
        return $"{Encoded(new { alg = "RS256", typ = "JWT" })}.{Encoded(claims)}.{Canary}";
    }

    private static string Encoded<T>(T part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
