using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Applies the variables from which libpq, and so Caluma, completes a connection
/// (https://www.postgresql.org/docs/current/libpq-envars.html). Npgsql reads some of them by rules of its own. Put into the connection
/// here, they count as in libpq and are validated at the start, and Npgsql reads none.
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
    /// <param name="connection">The connection to complete.</param>
    /// <param name="rejected">Receives each rejected setting, whose default then counts.</param>
    /// <returns>The variables that were used.</returns>
    public static IReadOnlyList<string> Apply(SettingsReader settings, NpgsqlConnectionStringBuilder connection, Action<string> rejected)
    {
        var sources = new List<string>();
        foreach (var (variable, parameter) in _variables)
        {
            // A password file must not replace the token of the identity.
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
