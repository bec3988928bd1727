namespace Caluma.Healthz;

/// <summary>
/// Picks one <see cref="Reason"/> for a target whose servers, addresses or attempts failed in different ways: the one that explains most.
/// The order in which <see cref="Reason"/> declares its values means nothing.
/// </summary>
internal static class ReasonPrecedence
{
    /// <value>
    /// All reasons, the one that explains most first. A fault of data or rights stays until somebody mends it, so it comes first. The state
    /// of a server may change by itself. After these come connection failures, and last the reasons that explain nothing.
    /// </value>
    public static IReadOnlyList<Reason> Order { get; } =
    [
        // The server answered, and its data is wrong.
        Reason.Mismatch, Reason.Partial, Reason.Behind, Reason.Missing,

        // The server refuses this client.
        Reason.Permission, Reason.Auth,

        // The server refuses all clients.
        Reason.ReadOnly, Reason.Full, Reason.Busy,

        // No connection was made.
        Reason.Tls, Reason.Protocol, Reason.Dns, Reason.Connect,

        // No answer, or one that no table has.
        Reason.Timeout, Reason.Unknown,
    ];

    /// <summary>The reason that explains most; <see cref="Reason.Unknown"/> for no reasons.</summary>
    public static Reason First(IEnumerable<Reason> reasons) =>
        reasons.DefaultIfEmpty(Reason.Unknown).MinBy(reason => _rank[reason]);

    /// <summary>The reason of a target with several parts; null where none of them failed.</summary>
    public static Reason? FirstFailure(IReadOnlyCollection<Reason?> parts) =>
        parts.All(part => part is null) ? null : First(parts.OfType<Reason>());

    private static readonly Dictionary<Reason, int> _rank =
        Order.Index().ToDictionary(ranked => ranked.Item, ranked => ranked.Index);
}
