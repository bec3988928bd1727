namespace Caluma.Healthz;

/// <summary>
/// Which <see cref="Reason"/> stands for a target where several servers, addresses or attempts failed in different ways: the one
/// that explains most. This is the only order there is; nothing goes by the order in which reasons are declared.
/// </summary>
internal static class ReasonPrecedence
{
    /// <value>
    /// All reasons, the one that explains most first. What a server says of our data and rights stays until somebody changes it;
    /// what it says of its own state may pass; then comes what kept us from talking to it, and last what says nothing.
    /// </value>
    public static IReadOnlyList<Reason> Order { get; } =
    [
        // It served us, and what it holds is wrong.
        Reason.Mismatch, Reason.Partial, Reason.Behind, Reason.Missing,

        // It knows what we want, and refuses us.
        Reason.Permission, Reason.Auth,

        // It refuses everybody.
        Reason.ReadOnly, Reason.Full, Reason.Busy,

        // We never got to talk.
        Reason.Tls, Reason.Protocol, Reason.Dns, Reason.Connect,

        // It says nothing, or nothing we know.
        Reason.Timeout, Reason.Unknown,
    ];

    /// <summary>The one of several reasons that explains most; <see cref="Reason.Unknown"/> where there is none.</summary>
    public static Reason First(IEnumerable<Reason> reasons) =>
        reasons.DefaultIfEmpty(Reason.Unknown).MinBy(reason => _rank[reason]);

    private static readonly Dictionary<Reason, int> _rank =
        Order.Index().ToDictionary(ranked => ranked.Item, ranked => ranked.Index);
}
