using System.Globalization;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>Reads <c>Healthz__Databases__*</c> and, for the alias <c>default</c>, Caluma's own <c>DATABASE_*</c>.</summary>
internal static class DatabaseSettings
{
    private const string Section = "Healthz__Databases";
    private const string DefaultAlias = "default";
    private const string SslMode = "PGSSLMODE";
    private const string SslRootCertificate = "PGSSLROOTCERT";
    private const string Expected = "an Npgsql connection string such as Host=db;Database=caluma;Username=probe;Password=…, "
        + "or a URL such as postgres://probe:…@db:5432/caluma";

    private static readonly string[] _caluma =
        ["DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD"];

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        foreach (var (setting, alias, value) in settings.Aliases(Section))
        {
            if (Parse(settings, setting, value) is { } connection)
            {
                Add(settings, options, alias, connection, Expected, setting);
            }
        }

        var caluma = _caluma.Where(name => settings.Value(name) is { Length: > 0 }).ToList();
        foreach (var name in caluma.Where(name => settings.Value(name)!.Contains('\0', StringComparison.Ordinal)))
        {
            settings.Problem(name, "holds a null character", "text");
            return;
        }

        if (caluma.Count > 0 && settings.Value($"{Section}__{DefaultAlias}") is null)
        {
            const string ExpectedHost = "the name or address of a host (a URL goes into Healthz__Databases__default)";
            Add(settings, options, DefaultAlias, FromCaluma(settings), ExpectedHost, [.. caluma]);
        }

        var wanted = CheckSet.Of(Check.Databases, Check.DatabaseMigrations, Check.DatabaseModels).Intersect(options.Checks);
        if (caluma.Count == 0 && !settings.IsSet(Section) && !wanted.IsEmpty)
        {
            settings.Problem($"{Section}__{DefaultAlias}", "is not set, and neither is DATABASE_HOST", Expected);
        }
    }

    private static void Add(
        SettingsReader settings,
        HealthzOptions options,
        string alias,
        NpgsqlConnectionStringBuilder connection,
        string expected,
        params string[] sources)
    {
        if (!connection.Host!.Split(',').All(SettingsReader.IsHost) || connection.Port > 65535)
        {
            settings.Problem(sources[0], "names a host or port that cannot be one", expected);
            return;
        }

        var tls = RequireTls(settings, connection);
        try
        {
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Multiplexing = false }).Dispose();
        }
        catch (Exception)
        {
            settings.Problem(sources[0], "holds options that Npgsql refuses", expected);
            return;
        }

        var scope = connection is { Password: null or "", Passfile: null or "" } ? EntraId.ScopeFor(connection.Host!) : null;
        options.Databases.Add(new DatabaseOptions(alias, connection.ConnectionString, scope));
        settings.Found(
            $"database {alias}",
            $"{connection.Host}:{connection.Port}/{connection.Database ?? connection.Username} as {connection.Username ?? "(nobody)"}"
            + $"{(scope is null ? "" : " with the identity of the process")}, TLS {LibpqSsl.Name(connection.SslMode)}",
            [.. sources, .. tls]);
    }

    /// <returns>The settings that had a say.</returns>
    /// <remarks>Caluma's client is libpq, which reads these from the environment.</remarks>
    private static List<string> RequireTls(SettingsReader settings, NpgsqlConnectionStringBuilder connection)
    {
        var sources = new List<string>();
        if (!connection.ShouldSerialize(LibpqSsl.Keyword))
        {
            if (settings.Value(SslMode) is { Length: > 0 } mode)
            {
                sources.Add(SslMode);
                if (LibpqSsl.Parse(mode) is { } parsed)
                {
                    connection.SslMode = parsed;
                }
                else
                {
                    settings.Problem(SslMode, $"is \"{SettingsReader.Printable(mode)}\"", LibpqSsl.Modes);
                }
            }
            else if (!LibpqSsl.IsLocal(connection.Host!))
            {
                connection.SslMode = Npgsql.SslMode.Require;
            }
        }

        if (connection.RootCertificate is null && settings.Value(SslRootCertificate) is { Length: > 0 } path)
        {
            sources.Add(SslRootCertificate);
            connection.RootCertificate = path;
            if (!File.Exists(path))
            {
                settings.Problem(SslRootCertificate, $"names {SettingsReader.Printable(path)}, which is not there", "a file with root certificates");
            }
        }

        return sources;
    }

    private static NpgsqlConnectionStringBuilder? Parse(SettingsReader settings, string setting, string value)
    {
        try
        {
            if (TargetUrl.IsMeantBy(value))
            {
                return PostgresUrl.Parse(value, problem => settings.Problem(setting, problem, Expected));
            }

            var connection = new NpgsqlConnectionStringBuilder(value);
            if (!string.IsNullOrWhiteSpace(connection.Host))
            {
                return connection;
            }

            settings.Problem(setting, "names no host", Expected);
        }
        catch (Exception)
        {
            // Whatever the client throws. The exception's text may quote a part of the password.
            settings.Problem(setting, "is no connection string that Npgsql understands", Expected);
        }

        return null;
    }

    /// <remarks>The defaults are those of https://github.com/projectcaluma/caluma/blob/v9.3.3/caluma/settings/django.py.</remarks>
    private static NpgsqlConnectionStringBuilder FromCaluma(SettingsReader settings)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = settings.Value("DATABASE_HOST") is { Length: > 0 } host ? host : "localhost",
            Database = settings.Value("DATABASE_NAME") is { Length: > 0 } name ? name : "caluma",
            Username = settings.Value("DATABASE_USER") is { Length: > 0 } user ? user : "caluma",
        };

        if (settings.Value("DATABASE_PASSWORD") is { } password)
        {
            if (password.Length == 0)
            {
                settings.Problem("DATABASE_PASSWORD", "is empty", "the password, or no such setting");
            }

            connection.Password = password;
        }

        if (settings.Value("DATABASE_PORT") is { Length: > 0 } port)
        {
            if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535)
            {
                connection.Port = number;
            }
            else
            {
                settings.Problem("DATABASE_PORT", $"is \"{SettingsReader.Printable(port)}\"", "a port from 1 to 65535");
            }
        }

        return connection;
    }
}
