using System.Reflection;
using System.Text;

namespace Caluma.Healthz.Tests.Checks.Faults;

/// <summary>The table of faults by systems, made of the tests that say what they hold.</summary>
internal static class FaultMatrix
{
    private const string NoConnectionIsKept = "each run connects anew";
    private const string NoTlsAtAll = "Django's client has no TLS";
    private const string NoTime = "its protocol has no time";

    /// <summary>What cannot be, and why.</summary>
    private static readonly Dictionary<(ProbedSystem System, SystemFault Fault), string> _impossible = new()
    {
        [(ProbedSystem.PostgreSQL, SystemFault.HalfOpen)] = NoConnectionIsKept,
        [(ProbedSystem.PgBouncer, SystemFault.HalfOpen)] = NoConnectionIsKept,
        [(ProbedSystem.Memcached, SystemFault.HalfOpen)] = NoConnectionIsKept,
        [(ProbedSystem.Memcached, SystemFault.NoTls)] = NoTlsAtAll,
        [(ProbedSystem.Memcached, SystemFault.UntrustedCertificate)] = NoTlsAtAll,
        [(ProbedSystem.Memcached, SystemFault.ExpiredCertificate)] = NoTlsAtAll,
        [(ProbedSystem.Memcached, SystemFault.ReadOnly)] = "there is no such state",
        [(ProbedSystem.PostgreSQL, SystemFault.WrongClock)] = NoTime,
        [(ProbedSystem.PgBouncer, SystemFault.WrongClock)] = NoTime,
        [(ProbedSystem.Redis, SystemFault.WrongClock)] = NoTime,
        [(ProbedSystem.Sentinel, SystemFault.WrongClock)] = NoTime,
        [(ProbedSystem.Cluster, SystemFault.WrongClock)] = NoTime,
        [(ProbedSystem.Memcached, SystemFault.WrongClock)] = NoTime,
    };

    private static readonly ILookup<(ProbedSystem System, SystemFault Fault), MethodInfo> _tests =
        TestTable.TestsBy((HoldsAttribute holds) => holds.Faults.Select(fault => (holds.System, fault)));

    /// <summary>The cells that may be and that no test holds.</summary>
    public static int Holes => Cells.Count(cell => !_tests[cell].Any() && !_impossible.ContainsKey(cell));

    /// <summary>The cells that a test holds.</summary>
    public static int Held => Cells.Count(cell => _tests[cell].Any());

    private static IEnumerable<(ProbedSystem System, SystemFault Fault)> Cells =>
        from fault in Enum.GetValues<SystemFault>() from system in Enum.GetValues<ProbedSystem>() select (system, fault);

    /// <summary>The table in Markdown. A held cell links its tests, one that cannot be says why, and a hole is empty.</summary>
    public static string Table()
    {
        var text = new StringBuilder();
        var systems = Enum.GetValues<ProbedSystem>();
        text.AppendLine($"| | {string.Join(" | ", systems)} |").AppendLine($"| --- |{string.Concat(systems.Select(_ => " --- |"))}");
        foreach (var fault in Enum.GetValues<SystemFault>())
        {
            text.AppendLine($"| {NameOf(fault)} | {string.Join(" | ", systems.Select(system => TextOf((system, fault))))} |");
        }

        return text.ToString();
    }

    private static string TextOf((ProbedSystem System, SystemFault Fault) cell) =>
        _impossible.TryGetValue(cell, out var why) ? why : TestTable.Links(_tests[cell]);

    private static string NameOf(SystemFault fault) => fault switch
    {
        SystemFault.Refused => "refuses connections",
        SystemFault.BlackHole => "black hole: no answer to a connection",
        SystemFault.Silent => "accepts, and is silent",
        SystemFault.Cut => "cuts the connection in mid-answer, or at once",
        SystemFault.Garbage => "answers with garbage",
        SystemFault.Endless => "never stops answering",
        SystemFault.SlowDrip => "answers a byte at a time",
        SystemFault.WrongCredentials => "refuses the credentials",
        SystemFault.NoTls => "speaks TLS where the probe does not, or the reverse",
        SystemFault.UntrustedCertificate => "a certificate that nobody trusts",
        SystemFault.ExpiredCertificate => "a certificate that has expired",
        SystemFault.UnknownName => "a host name that does not exist",
        SystemFault.NameThatHangs => "a name server that is silent",
        SystemFault.Full => "is full, or has no connection left",
        SystemFault.ReadOnly => "takes no writes",
        SystemFault.Overloaded => "says that it is busy, or is locked",
        SystemFault.HalfOpen => "a kept connection is dead",
        _ => "its clock, or ours, is off by a day",
    };
}
