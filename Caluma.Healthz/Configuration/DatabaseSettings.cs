using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>Reads <c>Healthz__Databases__*</c> and, for the alias <c>default</c>, Caluma's own <c>DATABASE_*</c>.</summary>
internal static class DatabaseSettings
{
    private const string Section = "Healthz__Databases";
    private const string DefaultAlias = "default";
    private const string Expected = "an Npgsql connection string such as Host=db;Database=caluma;Username=probe;Password=…, "
        + "or a URL such as postgres://probe:…@db:5432/caluma";

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        foreach (var (setting, alias, value) in settings.Aliases(Section))
        {
            if (Parse(settings, setting, value) is { } connection)
            {
                Add(settings, options, alias, connection, Expected, [], setting);
            }
        }

        var rejected = new List<string>();
        var caluma = CalumaDatabase.Settings.Where(name => settings.Value(name) is { Length: > 0 }).ToList();
        if (caluma.Count > 0 && settings.RawValue($"{Section}__{DefaultAlias}") is null
            && CalumaDatabase.Read(settings, rejected.Add) is { } own)
        {
            const string ExpectedHost = "the name or address of a host (a URL goes into Healthz__Databases__default)";
            Add(settings, options, DefaultAlias, own, ExpectedHost, rejected, [.. caluma]);
        }

        if (caluma.Count == 0 && !settings.IsSet(Section) && !CheckSet.OfDatabase.Intersect(options.Checks).IsEmpty)
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
        List<string> rejected,
        params string[] sources)
    {
        if (!connection.Host!.Split(',').All(SettingsReader.IsHost) || connection.Port > 65535)
        {
            settings.Problem(sources[0], "names a host or port that cannot be one", expected);
            return;
        }

        var variables = LibpqEnvironment.Apply(settings, connection, rejected.Add);
        LibpqSsl.Complete(connection);
        DatabaseHosts.ListSingleHostTwice(connection);
        if (connection.RootCertificate is LibpqSsl.SystemRoots && connection.SslMode != SslMode.VerifyFull)
        {
            settings.Problem(
                variables.FirstOrDefault(variable => variable is "PGSSLROOTCERT") ?? sources[0],
                $"asks for the system's root certificates (sslrootcert=system) with sslmode={LibpqSsl.Name(connection.SslMode)}, "
                + "which libpq refuses",
                "verify-full, or no sslmode");
        }

        foreach (var (parameter, path) in LibpqSsl.MissingFiles(connection))
        {
            settings.Problem(
                variables.FirstOrDefault(variable => variable == $"PG{parameter.ToUpperInvariant()}") ?? sources[0],
                $"names {SettingsReader.Printable(path)}, which is not there",
                parameter is "sslrootcert" ? "a file with root certificates" : "a file in PEM form");
        }

        try
        {
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Multiplexing = false }).Dispose();
        }
        catch (Exception)
        {
            // The exception's text may quote a part of the password.
            settings.Problem(sources[0], "holds options that Npgsql refuses", expected);
            return;
        }

        if (!TryFindScope(connection, out var scope))
        {
            settings.Problem(
                sources[0],
                "names hosts that take tokens of different clouds, or none, and has no password",
                "a password, or hosts of Azure Database for PostgreSQL in one cloud");
            return;
        }

        options.Databases.Add(new DatabaseOptions(alias, connection.ConnectionString, scope));
        settings.Show(
            $"database {alias}",
            $"{DatabaseHosts.Show(connection)}/{connection.Database ?? connection.Username} as {connection.Username ?? "(nobody)"}"
            + $"{(scope is null ? "" : " with the identity of the process")}"
            + $"{(connection.TargetSessionAttributes is { } attributes and not "any" ? $", asked to be {attributes}" : "")}"
            + $", TLS {LibpqSsl.Name(connection.SslMode)}"
            + (rejected.Count == 0 ? "" : $" (the default counts; {string.Join(", ", rejected)} is rejected)"),
            [.. sources, .. variables]);
    }

    private static bool TryFindScope(NpgsqlConnectionStringBuilder connection, out string? scope)
    {
        scope = null;
        if (connection is not { Password: null or "", Passfile: null or "" })
        {
            return true;
        }

        var scopes = EntraId.ScopesFor(connection.Host!);
        scope = scopes[0];
        return scopes.Count == 1;
    }

    private static NpgsqlConnectionStringBuilder? Parse(SettingsReader settings, string setting, string value)
    {
        void Problem(string problem) => settings.Problem(setting, problem, Expected);

        try
        {
            var connection = new NpgsqlConnectionStringBuilder();
            IReadOnlyList<(string Name, string Value)>? parameters;
            if (TargetUrl.IsWrittenAs(value))
            {
                parameters = PostgresUrl.Parse(value, Problem);
                if (parameters is null)
                {
                    return null;
                }
            }
            else
            {
                parameters = LibpqString.Parse(value) ?? NpgsqlString.Split(value, out connection);
            }

            return Apply(settings, setting, connection, parameters, Problem) ? connection : null;
        }
        catch (Exception)
        {
            // Any exception of the client: its text may quote a part of the password.
            Problem("is not a valid Npgsql connection string");
            return null;
        }
    }

    private static bool Apply(
        SettingsReader settings,
        string setting,
        NpgsqlConnectionStringBuilder connection,
        IReadOnlyList<(string Name, string Value)> parameters,
        Action<string> problem)
    {
        var harmless = new List<string>();
        var (hosts, ports) = ("", "");
        foreach (var (name, value) in parameters)
        {
            if (name is "host" or "port")
            {
                (hosts, ports) = name is "host" ? (value, ports) : (hosts, value);
                continue;
            }

            switch (LibpqParameters.Apply(connection, name, value))
            {
                case { IsHarmless: true }:
                    harmless.Add(name);
                    break;
                case { Refused: { } instead }:
                    problem($"has {name}, which the probe cannot follow ({instead})");
                    return false;
                case { Expected: not null }:
                    problem($"has a parameter or value that is not understood: {SettingsReader.Printable(name)}");
                    return false;
            }
        }

        if (hosts.Length > 0 && DatabaseHosts.Set(connection, hosts, ports) is { } wrong)
        {
            problem(wrong);
            return false;
        }

        if (string.IsNullOrWhiteSpace(connection.Host))
        {
            problem("names no host");
            return false;
        }

        if (harmless.Count > 0)
        {
            settings.Remark($"{setting}: {string.Join(", ", harmless)} make no difference to a verdict");
        }

        return true;
    }
}
