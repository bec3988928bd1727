using System.Web;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>A database as a URL: <c>postgres://user:password@host:port/database?sslmode=require</c>, each part percent-encoded.</summary>
internal static class PostgresUrl
{
    /// <param name="url">The URL.</param>
    /// <param name="problem">Told what is wrong, without any part of the URL that may be secret.</param>
    /// <returns>Null where something is wrong.</returns>
    public static NpgsqlConnectionStringBuilder? Parse(string url, Action<string> problem)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            problem("is no well-formed URL (are all special characters percent-encoded?)");
            return null;
        }

        if (uri.Scheme is not ("postgres" or "postgresql"))
        {
            problem($"has the unknown scheme {SettingsReader.Printable(uri.Scheme)}");
            return null;
        }

        var user = uri.UserInfo.Split(':', 2);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = uri.IdnHost.Trim('[', ']'),
            Port = uri.IsDefaultPort ? NpgsqlConnection.DefaultPort : uri.Port,
            Username = user[0] is { Length: > 0 } name ? Uri.UnescapeDataString(name) : null,
            Password = user is [_, { Length: > 0 } password] ? Uri.UnescapeDataString(password) : null,
            Database = uri.AbsolutePath.Trim('/') is { Length: > 0 } database ? Uri.UnescapeDataString(database) : null,
        };

        var query = HttpUtility.ParseQueryString(uri.Query);
        foreach (var key in query.AllKeys)
        {
            var known = (key, query[key]) switch
            {
                ("sslmode", { } mode) => SetSslMode(connection, mode),
                ("application_name", { } applicationName) => Set(() => connection.ApplicationName = applicationName),
                ("sslrootcert", { } path) => Set(() => connection.RootCertificate = path),
                ("sslcert", { } path) => Set(() => connection.SslCertificate = path),
                ("sslkey", { } path) => Set(() => connection.SslKey = path),
                ("options", { } options) => Set(() => connection.Options = options),
                ("connect_timeout", _) => true, // Healthz__Timeout bounds everything.
                _ => false,
            };
            if (!known)
            {
                problem($"has a parameter or value that is not understood: {SettingsReader.Printable(key ?? "(no name)")}");
                return null;
            }
        }

        return connection;
    }

    private static bool Set(Action set)
    {
        set();
        return true;
    }

    private static bool SetSslMode(NpgsqlConnectionStringBuilder connection, string mode)
    {
        if (!Enum.TryParse<SslMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var parsed))
        {
            return false;
        }

        connection.SslMode = parsed;
        return true;
    }
}
