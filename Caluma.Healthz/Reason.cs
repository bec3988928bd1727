namespace Caluma.Healthz;

/// <summary>
/// Why a check failed: a closed set, for logs, records, the dashboard and the command line. The answer of <c>/healthz</c> never has it.
/// Logs, records and pages say nothing else about a failure, so that no exception text can leak a secret.
/// </summary>
public enum Reason
{
    /// <summary>None of the reasons below.</summary>
    Unknown,

    /// <summary>No answer within the timeout.</summary>
    Timeout,

    /// <summary>The host name does not resolve.</summary>
    Dns,

    /// <summary>The connection was refused, could not be made, or was cut.</summary>
    Connect,

    /// <summary>TLS could not be agreed on, or the certificate is not trusted.</summary>
    Tls,

    /// <summary>The credentials were refused.</summary>
    Auth,

    /// <summary>Logged in, but not allowed to do what the check does.</summary>
    Permission,

    /// <summary>The target is a read-only replica or refuses all writes.</summary>
    ReadOnly,

    /// <summary>The database, table, column, bucket, container or service of Sentinel does not exist.</summary>
    Missing,

    /// <summary>Migrations of the expected release are unapplied.</summary>
    Behind,

    /// <summary>Some but not all of a newer release's migrations are applied: an upgrade that stopped half-way.</summary>
    Partial,

    /// <summary>What was read back is not what was written.</summary>
    Mismatch,

    /// <summary>No disk space, memory, connection or quota is left.</summary>
    Full,

    /// <summary>The server is up, but does not serve this request now: it is starting, locked, throttled or overloaded.</summary>
    Busy,

    /// <summary>The answer was not what the protocol allows.</summary>
    Protocol,
}
