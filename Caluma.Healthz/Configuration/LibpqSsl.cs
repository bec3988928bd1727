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

    /// <summary>In place of a file with root certificates: those of the system (libpq 16).</summary>
    public const string SystemRoots = "system";

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

    /// <summary>Sets what a connection does not say about TLS.</summary>
    /// <remarks>
    /// To any host but this machine a password does not travel unencrypted unless that is asked for: libpq's <c>prefer</c> would let
    /// anybody in between turn the encryption off. As in libpq, the system's roots are for <c>verify-full</c> alone.
    /// </remarks>
    public static void Complete(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.ShouldSerialize(Keyword))
        {
            // libpq: "if a root CA file exists, the behavior of sslmode=require will be the same as that of verify-ca".
            if (connection is { SslMode: SslMode.Require, RootCertificate: { Length: > 0 } roots } && roots != SystemRoots)
            {
                connection.SslMode = SslMode.VerifyCA;
            }
        }
        else if (connection.RootCertificate is SystemRoots)
        {
            connection.SslMode = SslMode.VerifyFull;
        }
        else if (!IsLocal(connection.Host!))
        {
            connection.SslMode = SslMode.Require;
        }
    }

    /// <summary>The files that a connection names and that are not there, each with the parameter that names it.</summary>
    public static IEnumerable<(string Parameter, string Path)> MissingFiles(NpgsqlConnectionStringBuilder connection)
    {
        (string Parameter, string? Path)[] files =
        [
            ("sslrootcert", connection.RootCertificate is SystemRoots ? null : connection.RootCertificate),
            ("sslcert", connection.SslCertificate),
            ("sslkey", connection.SslKey),
        ];
        return from file in files
               where file.Path is not null && !File.Exists(file.Path)
               select (file.Parameter, file.Path!);
    }

    private static bool IsLocal(string host) => host.Split(',').All(each =>
        each is "localhost" || each.StartsWith('/') || each.StartsWith('@')
        || (IPEndPoint.TryParse(each, out var address) && IPAddress.IsLoopback(address.Address))
        || (each.Split(':') is ["localhost", _]));
}
