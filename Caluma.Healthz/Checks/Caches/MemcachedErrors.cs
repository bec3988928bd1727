namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// The error replies of Memcached and its proxies, each with its reason. docs/reasons.md has the same table; a test compares the two and
/// sends each reply over a connection.
/// </summary>
/// <remarks>
/// The replies are those of https://github.com/memcached/memcached/blob/1.6.18 (memcached.c, proto_text.c, items.c, proto_proxy.c), of
/// twemproxy and of mcrouter.
/// </remarks>
internal static class MemcachedErrors
{
    /// <summary>The beginnings of replies. A longer beginning stands before a shorter one that it starts with.</summary>
    public static IReadOnlyList<(string Start, Reason Reason)> Table { get; } =
    [
        ("ERROR Too many open connections", Reason.Full),
        ("SERVER_ERROR out of memory", Reason.Full),
        ("SERVER_ERROR Out of memory", Reason.Full),
        ("SERVER_ERROR object too large for cache", Reason.Full),
        ("NOT_STORED", Reason.Full),

        ("CLIENT_ERROR unauthenticated", Reason.Auth),
        ("CLIENT_ERROR authentication failure", Reason.Auth),

        ("SERVER_ERROR Connection refused", Reason.Connect),
        ("SERVER_ERROR Connection reset", Reason.Connect),
        ("SERVER_ERROR Host is down", Reason.Connect),
        ("SERVER_ERROR No route to host", Reason.Connect),
        ("SERVER_ERROR backend failure", Reason.Connect),
        ("SERVER_ERROR connection error", Reason.Connect),

        ("SERVER_ERROR Connection timed out", Reason.Timeout),
        ("SERVER_ERROR timeout", Reason.Timeout),
        ("SERVER_ERROR reply timeout", Reason.Timeout),

        ("SERVER_ERROR proxy overloaded", Reason.Busy),
        ("SERVER_ERROR unavailable", Reason.Busy),
        ("SERVER_ERROR temporary failure", Reason.Busy),
        ("SERVER_ERROR temporarily unavailable", Reason.Busy),

        ("SERVER_ERROR", Reason.Protocol),
        ("CLIENT_ERROR", Reason.Protocol),
        ("ERROR", Reason.Protocol),
    ];

    /// <summary>The reason of an unexpected reply; null where the reply is no error.</summary>
    public static Reason? ReasonFor(string reply) =>
        Table.Where(row => reply.StartsWith(row.Start, StringComparison.Ordinal)).Select(row => (Reason?)row.Reason).FirstOrDefault();
}
