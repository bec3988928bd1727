namespace Caluma.Healthz.Trends;

/// <summary>What to do about an incident, as one sentence; docs/operations.md and docs/runbook.md say more.</summary>
internal static class NextStep
{
    /// <summary>The sentence for an incident.</summary>
    public static string Of(Incident incident) => incident switch
    {
        { System: "recording" } => "See whether the probe runs, and whether it reaches the storage of its history.",
        { System: "probe" } => "See whether the probe itself has a network: all systems failed at once.",
        { Reason: { } reason } => Of(reason),
        _ => "Look at the latencies on the dashboard, and at what has changed since it started.",
    };

    private static string Of(Reason reason) => reason switch
    {
        Reason.Timeout => "Reach the host and port from where the probe runs: it is overloaded, or a firewall drops packets.",
        Reason.Dns => "Resolve the host name from where the probe runs.",
        Reason.Connect => "See whether it runs and listens on the configured port.",
        Reason.Tls => "Look at the certificate: whether it has expired, is for this name, and is signed by a trusted authority.",
        Reason.Auth => "Renew the user, password or key in the probe's settings.",
        Reason.Permission => "Grant the right that is missing to the probe's role.",
        Reason.ReadOnly => "Point the probe at the primary; if it is the primary, look at its disk.",
        Reason.Missing => "See whether the database, table, bucket or container has been renamed, deleted or not yet created.",
        Reason.Behind => "Run manage.py migrate, or correct the release in the probe's settings.",
        Reason.Partial => "Read the output of the migration job, and run it again.",
        Reason.Mismatch => "Find what sits between the probe and the target: a trigger, a proxy or an eviction.",
        Reason.Full => "Make room: disk, memory or connections are used up.",
        Reason.Busy => "See whether it is starting, locked or overloaded.",
        Reason.Protocol => "Check the host and port: something else answers there.",
        _ => "Run caluma-healthz check, and look at the log of the target.",
    };
}
