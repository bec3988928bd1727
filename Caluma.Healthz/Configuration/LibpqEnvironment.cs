using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// The variables that libpq, and so Caluma, reads by itself where a connection does not say otherwise
/// (https://www.postgresql.org/docs/current/libpq-envars.html). Npgsql reads some of them too, by rules of its own; taken into the
/// connection here, they count as in libpq, are checked at the start, and nothing is left for Npgsql to find.
/// </summary>
internal static class LibpqEnvironment
{
    private static readonly (string Variable, string Parameter)[] _variables =
    [
        ("PGUSER", "user"),
        ("PGPASSWORD", "password"),
        ("PGPASSFILE", "passfile"),
        ("PGSSLMODE", "sslmode"),
        ("PGREQUIRESSL", "requiressl"),
        ("PGSSLROOTCERT", "sslrootcert"),
        ("PGSSLCERT", "sslcert"),
        ("PGSSLKEY", "sslkey"),
        ("PGSSLNEGOTIATION", "sslnegotiation"),
        ("PGSSLCRL", "sslcrl"),
        ("PGSSLCRLDIR", "sslcrldir"),
        ("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
        ("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
        ("PGGSSENCMODE", "gssencmode"),
        ("PGKRBSRVNAME", "krbsrvname"),
        ("PGREQUIREAUTH", "require_auth"),
        ("PGREQUIREPEER", "requirepeer"),
        ("PGCHANNELBINDING", "channel_binding"),
        ("PGCONNECT_TIMEOUT", "connect_timeout"),
        ("PGTARGETSESSIONATTRS", "target_session_attrs"),
        ("PGLOADBALANCEHOSTS", "load_balance_hosts"),
        ("PGOPTIONS", "options"),
        ("PGAPPNAME", "application_name"),
        ("PGHOSTADDR", "hostaddr"),
    ];

    /// <param name="settings">The settings.</param>
    /// <param name="connection">What is completed.</param>
    /// <param name="rejected">Told what is rejected, so that a default counts.</param>
    /// <returns>The variables that had a say.</returns>
    public static IReadOnlyList<string> Apply(SettingsReader settings, NpgsqlConnectionStringBuilder connection, Action<string> rejected)
    {
        var sources = new List<string>();
        foreach (var (variable, parameter) in _variables)
        {
            // A token of the identity is no password to be overridden by a file of them.
            if (LibpqParameters.IsSet(connection, parameter)
                || (parameter is "passfile" && connection.Password is { Length: > 0 })
                || settings.Value(variable) is not { Length: > 0 } value)
            {
                continue;
            }

            sources.Add(variable);
            switch (LibpqParameters.Apply(connection, parameter, value))
            {
                case { Expected: { } expected }:
                    settings.Problem(variable, $"is \"{SettingsReader.Printable(value)}\"", expected);
                    rejected($"{variable} \"{SettingsReader.Printable(value)}\"");
                    break;
                case { Refused: { } instead }:
                    settings.Problem(variable, "is set, which the probe cannot follow", $"none: {instead}");
                    rejected(variable);
                    break;
            }
        }

        return sources;
    }
}
