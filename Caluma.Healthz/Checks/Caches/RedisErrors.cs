using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// The error answers of Redis, and of proxies and services that speak its protocol, each with its reason. docs/reasons.md has the same
/// table; a test compares the two and sends each answer over a connection.
/// </summary>
/// <remarks>
/// The answers are those of https://github.com/redis/redis/blob/7.4.1/src (server.c, networking.c, acl.c, db.c, cluster.c), of
/// Redis 2 to 5 where they differ, of twemproxy and Envoy, and of Upstash.
/// </remarks>
internal static class RedisErrors
{
    private const string Overview = "SimpleError: ";

    /// <summary>
    /// The beginnings of answers, without the minus sign. A longer beginning stands before a shorter one that it starts with. A beginning
    /// of one word is an error code.
    /// </summary>
    public static IReadOnlyList<(string Start, Reason Reason)> Table { get; } =
    [
        ("NOAUTH", Reason.Auth),
        ("WRONGPASS", Reason.Auth),
        ("ERR invalid password", Reason.Auth),
        ("ERR operation not permitted", Reason.Auth),
        ("ERR Client sent AUTH, but no password is set", Reason.Auth),
        ("ERR AUTH", Reason.Auth),
        ("ERR wrong number of arguments for 'auth' command", Reason.Auth),

        ("NOPERM", Reason.Permission),
        ("DENIED", Reason.Permission),

        ("READONLY", Reason.ReadOnly),
        ("MISCONF", Reason.ReadOnly),
        ("NOREPLICAS", Reason.ReadOnly),

        ("OOM", Reason.Full),
        ("MAXCLIENTS", Reason.Full),
        ("ERR max number of clients", Reason.Full),
        ("ERR command not allowed when used memory", Reason.Full),
        ("ERR DB capacity quota exceeded", Reason.Full),

        ("LOADING", Reason.Busy),
        ("BUSY", Reason.Busy),
        ("UNKILLABLE", Reason.Busy),
        ("MASTERDOWN", Reason.Busy),
        ("CLUSTERDOWN", Reason.Busy),
        ("TRYAGAIN", Reason.Busy),
        ("INPROG", Reason.Busy),
        ("ERR max daily request limit exceeded", Reason.Busy),
        ("ERR max requests limit exceeded", Reason.Busy),

        ("ERR DB index is out of range", Reason.Missing),
        ("ERR invalid DB index", Reason.Missing),
        ("ERR SELECT is not allowed in cluster mode", Reason.Missing),

        ("ERR Connection refused", Reason.Connect),
        ("ERR Connection reset", Reason.Connect),
        ("ERR Host is down", Reason.Connect),
        ("ERR No route to host", Reason.Connect),
        ("no upstream host", Reason.Connect),
        ("upstream failure", Reason.Connect),

        ("ERR Connection timed out", Reason.Timeout),
        ("upstream timeout", Reason.Timeout),

        ("MOVED", Reason.Protocol),
        ("CROSSSLOT", Reason.Protocol),
        ("NOPROTO", Reason.Protocol),
        ("WRONGTYPE", Reason.Protocol),
        ("EXECABORT", Reason.Protocol),
        ("NOSCRIPT", Reason.Protocol),
        ("upstream protocol error", Reason.Protocol),
        ("ERR unknown command", Reason.Protocol),
        ("ERR unknown subcommand", Reason.Protocol),
        ("ERR unsupported command", Reason.Protocol),
        ("ERR wrong number of arguments", Reason.Protocol),
        ("ERR syntax error", Reason.Protocol),
        ("ERR Protocol error", Reason.Protocol),
        ("ERR invalid expire time", Reason.Protocol),
        ("ERR value is not an integer", Reason.Protocol),
        ("ERR Client names cannot contain", Reason.Protocol),
        ("ERR This instance has cluster support disabled", Reason.Protocol),
    ];

    /// <summary>
    /// The client's kinds for the codes that it knows; its message may not be the server's. UnknownCommand is left out because 3.4.35 gives
    /// it to all that begins with ERR, and so are the kinds of its own failures.
    /// </summary>
    private static readonly Dictionary<RedisErrorKind, Reason> _kinds = new()
    {
        [RedisErrorKind.NoAuth] = Reason.Auth,
        [RedisErrorKind.WrongPass] = Reason.Auth,
        [RedisErrorKind.NoPermission] = Reason.Permission,
        [RedisErrorKind.ReadOnly] = Reason.ReadOnly,
        [RedisErrorKind.Misconfigured] = Reason.ReadOnly,
        [RedisErrorKind.NoReplicas] = Reason.ReadOnly,
        [RedisErrorKind.OutOfMemory] = Reason.Full,
        [RedisErrorKind.MaxClients] = Reason.Full,
        [RedisErrorKind.Loading] = Reason.Busy,
        [RedisErrorKind.Busy] = Reason.Busy,
        [RedisErrorKind.MasterDown] = Reason.Busy,
        [RedisErrorKind.ClusterDown] = Reason.Busy,
        [RedisErrorKind.TryAgain] = Reason.Busy,
        [RedisErrorKind.Ask] = Reason.Busy,
        [RedisErrorKind.Moved] = Reason.Protocol,
        [RedisErrorKind.UnknownRedirectTarget] = Reason.Protocol,
        [RedisErrorKind.CrossSlot] = Reason.Protocol,
        [RedisErrorKind.WrongType] = Reason.Protocol,
        [RedisErrorKind.ExecAbort] = Reason.Protocol,
        [RedisErrorKind.NoScript] = Reason.Protocol,
    };

    /// <summary>The reason of an answer, from its text or from the client's kind.</summary>
    public static Reason ReasonFor(RedisServerException refusal) =>
        _kinds.TryGetValue(refusal.Kind, out var reason) ? reason : ReasonFor(refusal.Message);

    /// <summary>The reason of an answer, without its minus sign; unknown where the table does not have it.</summary>
    public static Reason ReasonFor(string answer)
    {
        // Of an answer that refuses a connection the client keeps only the kind.
        var said = answer.StartsWith(Overview, StringComparison.Ordinal) ? answer[Overview.Length..] : answer;
        return Table.FirstOrDefault(
            row => said.StartsWith(row.Start, StringComparison.OrdinalIgnoreCase) && IsWord(said, row.Start),
            (Start: "", Reason: Reason.Unknown)).Reason;
    }

    /// <summary>Whole words only: BUSYGROUP does not begin with BUSY.</summary>
    private static bool IsWord(string answer, string start) => answer.Length == start.Length || !char.IsAsciiLetter(answer[start.Length]);
}
