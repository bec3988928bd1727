using System.Globalization;
using System.Text;

namespace Caluma.Healthz.Servers;

/// <summary>
/// Limits a process to a part of a core: by a control group of version 2 or 1 where one can be made, which takes root, else by signals that
/// stop and continue it. The kernel does the same: a process that has used up its quota waits for the next tenth of a second.
/// </summary>
internal sealed class CpuQuota : IDisposable
{
    private const int PeriodMicroseconds = 100_000;
    private const string Root = "/sys/fs/cgroup";

    /// <summary>Stops the process for $0 seconds and continues it for $1 seconds, until it has ended.</summary>
    private const string StopInTurns =
        """
        go=$1
        shift
        (while kill -s STOP $$; do sleep "$0"; kill -s CONT $$; sleep "$go"; done) 2>/dev/null &
        exec "$@"
        """;

    private readonly DirectoryInfo? _group;

    /// <param name="cores">The part of a core, below 1.</param>
    public CpuQuota(double cores)
    {
        var quota = (int)(cores * PeriodMicroseconds);
        _group = TryCreate(Root, "cpu.max", string.Create(CultureInfo.InvariantCulture, $"{quota} {PeriodMicroseconds}"))
            ?? TryCreate($"{Root}/cpu", "cpu.cfs_quota_us", quota.ToString(CultureInfo.InvariantCulture));
        Way = _group is null ? "stopping the process for the rest of each tenth of a second"
            : _group.Parent!.FullName == Root ? "a control group (v2)" : "a control group (v1)";

        // The shell becomes the program, so that the id of the process is that of the program.
        var turn = PeriodMicroseconds / 1e6;
        Launcher = _group is null
            ? ["sh", "-c", StopInTurns, Seconds(turn * (1 - cores)), Seconds(turn * cores)]
            : ["sh", "-c", "echo $$ >\"$0/cgroup.procs\" && exec \"$@\"", _group.FullName];
    }

    /// <summary>A program and its arguments, to which the command line of the limited program is added.</summary>
    public IReadOnlyList<string> Launcher { get; }

    /// <summary>How this machine limits the process, for reports.</summary>
    public string Way { get; }

    /// <summary>Removes the control group. Its processes must have ended.</summary>
    public void Dispose()
    {
        if (_group is not null)
        {
            SpinWait.SpinUntil(() => TryDelete(_group), Deadline.Default);
        }
    }

    private static string Seconds(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static DirectoryInfo? TryCreate(string parent, string file, string value)
    {
        if (!File.Exists(Path.Combine(parent, "cgroup.procs")))
        {
            return null;
        }

        var group = new DirectoryInfo(Path.Combine(parent, $"caluma-healthz-{Guid.NewGuid():N}"));
        try
        {
            group.Create();
            using var limit = new FileStream(Path.Combine(group.FullName, file), FileMode.Open, FileAccess.Write);
            limit.Write(Encoding.ASCII.GetBytes(value));
            return group;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete(group);
            return null;
        }
    }

    private static bool TryDelete(DirectoryInfo group)
    {
        try
        {
            group.Delete();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A process that was killed is in it until the kernel has cleared it away.
            return !group.Exists;
        }
    }
}
