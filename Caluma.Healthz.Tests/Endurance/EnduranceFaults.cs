using System.Text;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>
/// Which server misbehaves in which run, and how: in one run of ten one of them refuses, closes, cuts or answers nonsense, in one of a
/// thousand one hangs, and for five runs in a row of 2,000 one is down. After 1,500 runs come 500 without a fault, in which incidents end.
/// The history has one fault of 25, as the client of the storage waits before it tries again, for 2 s a run: most of the time otherwise.
/// </summary>
internal sealed class EnduranceFaults(FaultServer database, FaultServer cache, FaultServer media, FaultServer history)
{
    private const int RunsToFault = 10;
    private const int RunsToHang = 1000;
    private const int RunsToOutage = 2000;
    private const int FirstOfOutage = 501;
    private const int Outage = 5;
    private const int FaultsToHistory = 25;
    private const int RunsToCalm = 2000;
    private const int FirstOfCalm = 1501;

    private static readonly FaultMode[] _modes =
        [FaultMode.Refused, FaultMode.ClosesAtOnce, FaultMode.CutMidAnswer(afterBytes: 100), FaultMode.GarbageBytes];

    /// <summary>A client of HTTP reads garbage until its timeout, as it may be a long line.</summary>
    private static readonly FaultMode _busy = FaultMode.Answering(
        Encoding.ASCII.GetBytes("HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\nContent-Length: 0\r\n\r\n"));

    private readonly (string Name, FaultServer Server)[] _targets = [("database", database), ("cache", cache), ("media storage", media)];
    private readonly (string Name, FaultServer Server)[] _all =
        [("database", database), ("cache", cache), ("media storage", media), ("history", history)];

    /// <summary>The server that misbehaves in a run, its name, and how; null where all are well.</summary>
    public (string Name, FaultServer Server, FaultMode Mode)? Of(int run)
    {
        if (run % RunsToCalm is 0 or >= FirstOfCalm)
        {
            return null;
        }

        if (run % RunsToHang == RunsToHang / 4)
        {
            var hang = run / RunsToHang;
            return With(_all[hang % _all.Length], hang / _all.Length % 2 == 0 ? FaultMode.AcceptsAndNeverAnswers : FaultMode.GarbageBytes);
        }

        if (run % RunsToOutage is >= FirstOfOutage and < FirstOfOutage + Outage)
        {
            return With(_all[run / RunsToOutage % _all.Length], FaultMode.Refused);
        }

        if (run % RunsToFault != 0)
        {
            return null;
        }

        var fault = run / RunsToFault;
        var target = fault % FaultsToHistory == 0 ? _all[^1] : _targets[fault % _targets.Length];
        var mode = _modes[(fault % FaultsToHistory == 0 ? fault / FaultsToHistory : fault / _targets.Length) % _modes.Length];
        return With(target, mode == FaultMode.GarbageBytes && target.Server.Upstream!.Equals(media.Upstream) ? _busy : mode);
    }

    private static (string Name, FaultServer Server, FaultMode Mode) With((string Name, FaultServer Server) target, FaultMode mode) =>
        (target.Name, target.Server, mode);
}
