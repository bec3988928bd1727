using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>A database as a URL: <c>postgres://user:password@host:port/database?sslmode=require</c>.</summary>
internal static class PostgresUrl
{
    /// <inheritdoc cref="TargetUrl.Parse"/>
    public static NpgsqlConnectionStringBuilder? Parse(string value, Action<string> problem)
    {
        if (TargetUrl.Parse(value, ["postgres", "postgresql", "psql", "pgsql"], problem) is not { } url)
        {
            return null;
        }

        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.Port ?? NpgsqlConnection.DefaultPort,
            Username = url.User,
            Password = url.Password,
            Database = url.Path is "" ? null : url.Path,
        };
        foreach (var key in url.Parameters.AllKeys)
        {
            var known = (key, url.Parameters[key]) switch
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
        if (LibpqSsl.Parse(mode) is not { } parsed)
        {
            return false;
        }

        connection.SslMode = parsed;
        return true;
    }
}
