using System.Net;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>Translates the TLS parameters of libpq, which Caluma uses: https://www.postgresql.org/docs/current/libpq-ssl.html</summary>
internal static class LibpqSsl
{
    /// <summary>The name of the mode in Npgsql's connection strings.</summary>
    public const string Keyword = "SSL Mode";

    /// <summary>Stands for the root certificates of the system in place of a file (libpq 16).</summary>
    public const string SystemRoots = "system";

    /// <value>Each <c>sslmode</c> and its name.</value>
    public static IReadOnlyList<(string Name, SslMode Mode)> Modes { get; } =
    [
        ("disable", SslMode.Disable),
        ("allow", SslMode.Allow),
        ("prefer", SslMode.Prefer),
        ("require", SslMode.Require),
        ("verify-ca", SslMode.VerifyCA),
        ("verify-full", SslMode.VerifyFull),
    ];

    /// <summary>The name of an <c>sslmode</c>.</summary>
    public static string Name(SslMode mode) => Modes.First(known => known.Mode == mode).Name;

    /// <summary>Completes the TLS options of a connection.</summary>
    /// <remarks>
    /// A password travels unencrypted to another machine only where the settings ask for that: with libpq's <c>prefer</c> anybody in
    /// between could turn the encryption off. As in libpq, the system's roots are for <c>verify-full</c> alone.
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

    /// <summary>The missing files of a connection, each with its parameter.</summary>
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
