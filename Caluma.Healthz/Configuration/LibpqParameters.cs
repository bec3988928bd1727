using System.Globalization;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Translates each parameter of libpq (https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS), in a URL, a string or a
/// PG* variable: parameters that Npgsql has are taken over, those that cannot change a verdict are accepted, all others are refused.
/// </summary>
internal static class LibpqParameters
{
    private const string AuthMethods = "password, md5, gss, sspi, scram-sha-256 or none, separated by commas, or each with a ! before it";

    private static readonly string[] _targetSessionAttributes =
        ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];

    private static readonly Dictionary<string, string> _authMethods = new()
    {
        ["password"] = "Password",
        ["md5"] = "MD5",
        ["gss"] = "GSS",
        ["sspi"] = "SSPI",
        ["scram-sha-256"] = "ScramSHA256",
        ["none"] = "None",
    };

    /// <value>The parameters by name, each with the option of Npgsql that it sets, if there is one.</value>
    private static readonly Dictionary<string,
    (string? Option, Func<NpgsqlConnectionStringBuilder, string, LibpqVerdict> Apply)> _table = new()
    {
        ["user"] = Sets("Username", (connection, value) => connection.Username = value),
        ["password"] = Sets("Password", (connection, value) => connection.Password = value),
        ["dbname"] = Sets("Database", (connection, value) => connection.Database = value),
        ["passfile"] = Sets("Passfile", (connection, value) => connection.Passfile = value),
        ["options"] = Sets("Options", (connection, value) => connection.Options = value),
        ["application_name"] = Sets("Application Name", (connection, value) => connection.ApplicationName = value),
        ["fallback_application_name"] = Sets("Application Name", (connection, value) => connection.ApplicationName ??= value),
        ["sslrootcert"] = Sets("Root Certificate", (connection, value) => connection.RootCertificate = value),
        ["sslcert"] = Sets("SSL Certificate", (connection, value) => connection.SslCertificate = value),
        ["sslkey"] = Sets("SSL Key", (connection, value) => connection.SslKey = value),
        ["sslpassword"] = Sets("SSL Password", (connection, value) => connection.SslPassword = value),
        ["krbsrvname"] = Sets("Kerberos Service Name", (connection, value) => connection.KerberosServiceName = value),
        ["sslmode"] = OneOf(LibpqSsl.Keyword, (connection, mode) => connection.SslMode = mode, LibpqSsl.Modes),
        ["ssl"] = OneOf( // libpq takes it from JDBC.
            LibpqSsl.Keyword, (connection, mode) => connection.SslMode = mode, ("true", SslMode.Require)),
        ["requiressl"] = OneOf(
            LibpqSsl.Keyword, (connection, mode) => connection.SslMode = mode, ("0", SslMode.Prefer), ("1", SslMode.Require)),
        ["sslnegotiation"] = OneOf(
            "SSL Negotiation",
            (connection, negotiation) => connection.SslNegotiation = negotiation,
            ("postgres", SslNegotiation.Postgres), ("direct", SslNegotiation.Direct)),
        ["channel_binding"] = OneOf(
            "Channel Binding",
            (connection, binding) => connection.ChannelBinding = binding,
            ("disable", ChannelBinding.Disable), ("prefer", ChannelBinding.Prefer), ("require", ChannelBinding.Require)),
        ["gssencmode"] = ("GSS Encryption Mode", SetGssEncryption),
        ["require_auth"] = ("Require Auth", SetAuthMethods),
        ["target_session_attrs"] = OneOf(
            "Target Session Attributes",
            (connection, attributes) => connection.TargetSessionAttributes = attributes,
            [.. _targetSessionAttributes.Select(attributes => (attributes, attributes))]),
        ["load_balance_hosts"] = OneOf(
            "Load Balance Hosts", (connection, balance) => connection.LoadBalanceHosts = balance, ("disable", false), ("random", true)),
        ["connect_timeout"] = ("Timeout", SetTimeout),
        ["replication"] = (null, (_, value) => value.ToUpperInvariant() is "FALSE" or "OFF" or "NO" or "0"
            ? LibpqVerdict.Harmless
            : new(Refused: "leave it out: a replication connection answers no query")),
        ["ssl_min_protocol_version"] = (null, (_, value) => value is "" or "TLSv1" or "TLSv1.1" or "TLSv1.2"
            ? LibpqVerdict.Harmless // .NET speaks none below 1.2.
            : new(Refused: "set ssl_min_protocol_version on the server instead")),
        ["ssl_max_protocol_version"] = (null, (_, value) => value is "" or "TLSv1.3"
            ? LibpqVerdict.Harmless
            : new(Refused: "set ssl_max_protocol_version on the server instead")),
        ["gssdelegation"] = (null, (_, value) => value is "0"
            ? LibpqVerdict.Harmless
            : new(Refused: "leave it out: the probe delegates nothing")),
        ["hostaddr"] = Refuses("write the address as the host"),
        ["service"] = Refuses("write out what the service file says: host, port, dbname, user"),
        ["servicefile"] = Refuses("write out what the service file says: host, port, dbname, user"),
        ["sslcrl"] = Refuses("use an Npgsql string with Check Certificate Revocation=true"),
        ["sslcrldir"] = Refuses("use an Npgsql string with Check Certificate Revocation=true"),
        ["requirepeer"] = Refuses("leave it out: the probe does not ask whose socket it is"),
        ["scram_client_key"] = Refuses("write the password"),
        ["scram_server_key"] = Refuses("write the password"),
        ["oauth_issuer"] = Refuses("use a password, or Microsoft Entra ID"),
        ["oauth_client_id"] = Refuses("use a password, or Microsoft Entra ID"),
        ["oauth_client_secret"] = Refuses("use a password, or Microsoft Entra ID"),
        ["oauth_scope"] = Refuses("use a password, or Microsoft Entra ID"),
        ["schema"] = Refuses("write options=-c%20search_path=…"), // Prisma's.
        ["search_path"] = Refuses("write options=-c%20search_path=…"),
        ["currentSchema"] = Refuses("write options=-c%20search_path=…"), // JDBC's.
    };

    /// <value>Parameters without an effect: a run connects anew, speaks UTF-8, sends the host name in TLS, and ends within seconds.</value>
    private static readonly HashSet<string> _harmless =
    [
        "client_encoding", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
        "sslcompression", "sslsni", "sslcertmode", "sslkeylogfile", "gsslib", "min_protocol_version", "max_protocol_version",

        // Parameters of Django and django-environ, which do not reach the server.
        "conn_max_age", "conn_health_checks", "atomic_requests", "autocommit", "disable_server_side_cursors",
    ];

    /// <summary>Whether libpq has a parameter of this name.</summary>
    public static bool Knows(string name) => name is "host" or "port" || _table.ContainsKey(name) || _harmless.Contains(name);

    /// <summary>Whether a connection already has the option of a parameter.</summary>
    public static bool IsSet(NpgsqlConnectionStringBuilder connection, string name) =>
        _table.TryGetValue(name, out var row) && row.Option is { } option && connection.ShouldSerialize(option);

    /// <summary>Applies a parameter to a connection.</summary>
    public static LibpqVerdict Apply(NpgsqlConnectionStringBuilder connection, string name, string value) =>
        _table.TryGetValue(name, out var row) ? row.Apply(connection, value)
        : _harmless.Contains(name) ? LibpqVerdict.Harmless
        : new(Expected: "");

    private static (string?, Func<NpgsqlConnectionStringBuilder, string, LibpqVerdict>) Sets(
        string option, Action<NpgsqlConnectionStringBuilder, string> set)
    {
        return (option, Apply);

        LibpqVerdict Apply(NpgsqlConnectionStringBuilder connection, string value)
        {
            // As in libpq, an empty value counts as unset.
            if (value.Length > 0)
            {
                set(connection, value);
            }

            return LibpqVerdict.Taken;
        }
    }

    private static (string?, Func<NpgsqlConnectionStringBuilder, string, LibpqVerdict>) Refuses(string instead) =>
        (null, (_, _) => new(Refused: instead));

    private static (string?, Func<NpgsqlConnectionStringBuilder, string, LibpqVerdict>) OneOf<T>(
        string option, Action<NpgsqlConnectionStringBuilder, T> set, params IReadOnlyList<(string Name, T Value)> known)
    {
        return (option, Apply);

        LibpqVerdict Apply(NpgsqlConnectionStringBuilder connection, string value)
        {
            foreach (var match in known.Where(one => one.Name == value))
            {
                set(connection, match.Value);
                return LibpqVerdict.Taken;
            }

            return new(Expected: Choice.Of([.. known.Select(one => one.Name)]));
        }
    }

    private static LibpqVerdict SetGssEncryption(NpgsqlConnectionStringBuilder connection, string value)
    {
        switch (value)
        {
            case "disable":
                return LibpqVerdict.Taken;
            case "prefer":
                // prefer tries Kerberos, then TLS; the probe asks for TLS.
                return LibpqVerdict.Harmless;
            case "require":
                connection.GssEncryptionMode = GssEncryptionMode.Require;
                return LibpqVerdict.Taken;
            default:
                return new(Expected: "disable, prefer or require");
        }
    }

    private static LibpqVerdict SetAuthMethods(NpgsqlConnectionStringBuilder connection, string value)
    {
        var methods = value.Split(',', StringSplitOptions.TrimEntries);
        var isNegative = methods[0].StartsWith('!');
        if (!methods.All(method => method.StartsWith('!') == isNegative && _authMethods.ContainsKey(method.TrimStart('!'))))
        {
            return new(Expected: AuthMethods);
        }

        connection.RequireAuth = string.Join(',', methods.Select(method => (isNegative ? "!" : "") + _authMethods[method.TrimStart('!')]));
        return LibpqVerdict.Taken;
    }

    /// <remarks>The timeout holds for each host of a list. libpq takes values below 2 seconds for 2.</remarks>
    private static LibpqVerdict SetTimeout(NpgsqlConnectionStringBuilder connection, string value)
    {
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return new(Expected: "seconds");
        }

        if (seconds > 0)
        {
            connection.Timeout = Math.Clamp(seconds, 2, 1024);
        }

        return LibpqVerdict.Taken;
    }
}
