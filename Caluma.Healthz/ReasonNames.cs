using System.Collections.Frozen;

namespace Caluma.Healthz;

/// <summary>The codes of <see cref="Reason"/> in logs, records, the dashboard and the command line.</summary>
internal static class ReasonNames
{
    /// <summary>A lower-case word, such as <c>timeout</c> or <c>read-only</c>.</summary>
    public static string Code(this Reason reason) => reason switch
    {
        Reason.Unknown => "unknown",
        Reason.Timeout => "timeout",
        Reason.Dns => "dns",
        Reason.Connect => "connect",
        Reason.Tls => "tls",
        Reason.Auth => "auth",
        Reason.Permission => "permission",
        Reason.ReadOnly => "read-only",
        Reason.Missing => "missing",
        Reason.Behind => "behind",
        Reason.Partial => "partial",
        Reason.Mismatch => "mismatch",
        Reason.Full => "full",
        Reason.Busy => "busy",
        Reason.Protocol => "protocol",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>The reason of a code; null where no reason has it.</summary>
    public static Reason? Find(string code) => _byCode.TryGetValue(code, out var reason) ? reason : null;

    private static readonly FrozenDictionary<string, Reason> _byCode = Enum.GetValues<Reason>().ToFrozenDictionary(Code);
}
