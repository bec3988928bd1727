using System.Net;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>TLS as libpq, and so Caluma, names it: https://www.postgresql.org/docs/current/libpq-ssl.html</summary>
internal static class LibpqSsl
{
    /// <summary>For messages.</summary>
    public const string Modes = "disable, allow, prefer, require, verify-ca or verify-full";

    /// <summary>Npgsql's word for it in a connection string.</summary>
    public const string Keyword = "SSL Mode";

    private static readonly Dictionary<string, SslMode> _modes = new()
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    /// <summary>Reads an <c>sslmode</c>; null where there is none of this name.</summary>
    public static SslMode? Parse(string mode) => _modes.TryGetValue(mode, out var parsed) ? parsed : null;

    /// <summary>The name of an <c>sslmode</c>.</summary>
    public static string Name(SslMode mode) => _modes.First(known => known.Value == mode).Key;

    /// <summary>
    /// Whether a host is this machine. To any other, a password does not travel unencrypted unless that is asked for: libpq's
    /// <c>prefer</c> would let anybody in between turn the encryption off.
    /// </summary>
    public static bool IsLocal(string host) => host.Split(',').All(each =>
        each is "localhost" || each.StartsWith('/') || each.StartsWith('@')
        || (IPEndPoint.TryParse(each, out var address) && IPAddress.IsLoopback(address.Address)));
}
