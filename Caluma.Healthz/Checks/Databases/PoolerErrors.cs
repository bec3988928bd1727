namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// The messages of poolers that use one SQLSTATE for all their errors, each with its reason: PgBouncer with <c>08P01</c>, Supabase's pooler
/// with <c>XX000</c>. Errors of PostgreSQL that they pass on keep their own code. The first row that a message begins with decides.
/// </summary>
/// <remarks>
/// <c>disconnect_client</c> in https://github.com/pgbouncer/pgbouncer/tree/pgbouncer_1_25_1/src, and in that of 1.18;
/// https://github.com/supabase/supavisor/blob/main/lib/supavisor/client_handler.ex.
/// </remarks>
internal static class PoolerErrors
{
    private const string CachedError = "server login has been failing, cached error: ";
    private const string PassedOn = "server login failed: FATAL ";

    public static IReadOnlyList<(string Start, Reason Reason)> Table { get; } =
    [
        ("password authentication failed", Reason.Auth),
        ("SASL authentication failed", Reason.Auth),
        ("PAM authentication failed", Reason.Auth),
        ("LDAP authentication failed", Reason.Auth),
        ("certificate authentication failed", Reason.Auth),
        ("\"trust\" authentication failed", Reason.Auth),
        ("auth failed", Reason.Auth),
        ("auth_query response contained null user name", Reason.Auth),
        ("client selected an invalid SASL authentication mechanism", Reason.Auth),
        ("empty password returned by client", Reason.Auth),
        ("no authentication method is found", Reason.Auth),
        ("no such user", Reason.Auth),
        ("no username supplied", Reason.Auth),
        ("username too long", Reason.Auth),
        ("password too long", Reason.Auth),
        ("login rejected", Reason.Auth),
        ("unix socket login rejected", Reason.Auth),
        ("server login failed", Reason.Auth),
        ("not allowed", Reason.Permission),

        ("no such database", Reason.Missing),
        ("database \"", Reason.Missing), // … is disabled; … does not exist.
        ("authentication database \"", Reason.Missing),

        ("no more connections allowed", Reason.Full), // max_client_conn
        ("client connections exceeded", Reason.Full), // max_db_client_connections, max_user_client_connections
        ("query_wait_timeout", Reason.Full), // All default_pool_size connections were in use.
        ("bouncer resources exhaustion", Reason.Full),
        ("out of memory", Reason.Full),
        ("no memory", Reason.Full),

        ("SSL required", Reason.Tls),
        ("received unencrypted data after SSL request", Reason.Tls),

        ("pooler is shutting down", Reason.Busy),
        ("server shutting down", Reason.Busy),
        ("suspend_timeout", Reason.Busy),
        ("pause failed", Reason.Busy),

        ("client_login_timeout (server down)", Reason.Connect),
        ("server login has been failing", Reason.Connect), // Until server_login_retry; the pooler's log says why.
        ("server conn crashed", Reason.Connect),
        ("server DNS lookup failed", Reason.Dns),
        ("connect failed", Reason.Connect),
        ("admin forced disconnect", Reason.Connect),
        ("client_idle_timeout", Reason.Connect),
        ("client_login_timeout", Reason.Timeout),
        ("query_timeout", Reason.Timeout),
        ("connect timeout", Reason.Timeout),

        // Supabase's.
        ("Tenant or user not found", Reason.Auth),
        ("Max client connections reached", Reason.Full),
        ("MaxClientsInSessionMode", Reason.Full),
        ("(EMAXCONNSESSION)", Reason.Full),
    ];

    /// <summary>The reason of a message; null where the table does not have it.</summary>
    public static Reason? ReasonFor(string message)
    {
        // From 1.24 on PgBouncer adds why it cannot log in: its own message or PostgreSQL's.
        if (message.StartsWith(CachedError, StringComparison.OrdinalIgnoreCase))
        {
            var cached = message[CachedError.Length..];
            return ReasonFor(cached.StartsWith(PassedOn, StringComparison.Ordinal) ? cached[PassedOn.Length..] : cached) ?? Reason.Connect;
        }

        return Table.Where(row => message.StartsWith(row.Start, StringComparison.OrdinalIgnoreCase))
            .Select(row => (Reason?)row.Reason).FirstOrDefault();
    }
}
