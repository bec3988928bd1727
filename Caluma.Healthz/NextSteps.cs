namespace Caluma.Healthz;

/// <summary>
/// The first thing to try after a failure, for pages, commands and incidents. docs/operations.md and docs/runbook.md say
/// more.
/// </summary>
/// <remarks>Each is one sentence in the imperative, without a capital and a full stop: <c>check the host name, and the DNS</c>.</remarks>
internal static class NextSteps
{
    /// <summary>Where all systems fail at once.</summary>
    public const string ForProbe = "check that the probe itself has a network and CPU: all systems failed at once";

    /// <summary>Before what else to do, where several systems fail at once.</summary>
    public const string ForSeveral = "look first at what these share, such as a host, a network or a password; ";

    /// <summary>Where runs are missing.</summary>
    public const string ForRecording = "check that the probe runs, and reaches the storage of its history";

    /// <summary>Where a check passes, and is slow.</summary>
    public const string ForLatency = "look at the latencies on the dashboard, and at what has changed since it started";

    /// <summary>Where a check fails.</summary>
    public static string For(Check check, Reason reason) => reason switch
    {
        Reason.Timeout => "reach its host and port from where the probe runs (a firewall may drop packets), and look at its load",
        Reason.Dns => "check the host name, and the DNS of the network that the probe runs in",
        Reason.Connect => "check that it runs, and listens on this address and port",
        Reason.Tls => Tls(check),
        Reason.Auth => "renew the user, password or key in the probe's settings, and check the clock",
        Reason.Permission => Permission(check),
        Reason.ReadOnly => "point the address at the primary, and look at the server's disk",
        Reason.Missing => Missing(check),
        Reason.Behind => "list what is unapplied with caluma-healthz migrations, then run manage.py migrate, or correct the release",
        Reason.Partial => "read the output of the migration job, and run it again",
        Reason.Mismatch => check == Check.Caches
            ? "look at maxmemory, and for a proxy in between"
            : "look for a trigger or proxy in between",
        Reason.Full => CheckSet.OfDatabase.Contains(check) ? "free disk space, or raise max_connections" : "free disk or memory",
        Reason.Busy => check == Check.DatabaseModels
            ? "look for a lock on caluma_logging_accesslog in pg_locks"
            : "wait for its start or fail-over to end, and look at its load",
        Reason.Protocol => "check host and port: something else answers there",
        _ => "read the log of the target",
    };

    private static string Tls(Check check) => check switch
    {
        Check.Caches => "see whether its certificate has expired; use rediss:// with TLS, redis:// without; trust its CA (SSL_CERT_FILE)",
        Check.MediaStorageService =>
            "see whether its certificate has expired; correct MINIO_STORAGE_USE_HTTPS, and trust its CA (SSL_CERT_FILE)",
        _ => "see whether its certificate has expired; correct PGSSLMODE, and name its CA in PGSSLROOTCERT",
    };

    private static string Permission(Check check) => check switch
    {
        Check.Caches => "allow the user +set +get +del +ping +info ~healthz:*",
        Check.MediaStorageService => "grant Storage Blob Data Contributor, or for S3 PutObject, GetObject, DeleteObject and ListBucket",
        _ => "run infra/sql/probe-role.sql for the probe's role",
    };

    private static string Missing(Check check) => check switch
    {
        Check.Caches => "correct the name of the Sentinel service",
        Check.MediaStorageService => "create the bucket or container, or correct its name",
        _ => "correct the name of the database, or migrate Caluma",
    };
}
