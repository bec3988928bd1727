namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// The one table of what a Memcached, or a proxy in front of several, replies instead of what it is asked for, and of the reason that each
/// reply stands for. docs/reasons.md is the same table for people; a test holds them together, and walks it over a connection.
/// </summary>
/// <remarks>
/// The replies are those of https://github.com/memcached/memcached/blob/1.6.18 (memcached.c, proto_text.c, items.c, proto_proxy.c), of
/// twemproxy and of mcrouter.
/// </remarks>
internal static class MemcachedReplies
{
    /// <summary>The beginnings of replies, the more special ones first.</summary>
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

    /// <summary>The reason of a reply that is not the one that was asked for; null where it is no error.</summary>
    public static Reason? ReasonFor(string reply)
    {
        foreach (var (start, reason) in Table)
        {
            if (reply.StartsWith(start, StringComparison.Ordinal))
            {
                return reason;
            }
        }

        return null;
    }
}
