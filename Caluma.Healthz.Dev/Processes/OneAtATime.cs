using System.Globalization;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Dev.Processes;

/// <summary>
/// Lets one <c>./dev</c> at a time work in a clone, because two would build into the same folders. The lock is the kernel's and ends with
/// its holder; the pid beside it is for people and <c>./dev down</c>.
/// </summary>
internal sealed class OneAtATime : IDisposable
{
    // EAGAIN: flock(2) on a lock that is held.
    private const int Held = 11;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly FileStream _lock;
    private readonly string _pidFile;

    private OneAtATime(FileStream file, string pidFile)
    {
        _lock = file;
        _pidFile = pidFile;
        File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Begins a command.</summary>
    /// <exception cref="DevException">Another <c>./dev</c> holds the lock.</exception>
    public static OneAtATime Enter(Workspace workspace) =>
        TryEnter(workspace) ?? throw new DevException(
            $"another ./dev is at work in this folder (pid {HolderOf(workspace)}); ./dev down stops it.");

    /// <summary>Stops the <c>./dev</c> that holds the lock.</summary>
    /// <returns>False where none does.</returns>
    public static async Task<bool> StopOtherAsync(Workspace workspace, Action<string> say)
    {
        if (TryEnter(workspace) is { } free)
        {
            free.Dispose();
            return false;
        }

        say("stopping dev");
        Send(Signal.Terminate, workspace);
        if (!await IsFreeWithinAsync(workspace, _patience))
        {
            // Its guard then ends its servers.
            Send(Signal.Kill, workspace);
            await IsFreeWithinAsync(workspace, _patience);
        }

        return true;
    }

    public void Dispose()
    {
        File.Delete(_pidFile);
        _lock.Dispose();
    }

    private static OneAtATime? TryEnter(Workspace workspace)
    {
        var folder = Directory.CreateDirectory(workspace.PathOf("run")).FullName;
        try
        {
            var file = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new OneAtATime(file, PidFileOf(workspace));
        }
        catch (IOException exception) when (exception.HResult == Held)
        {
            return null;
        }
    }

    private static async Task<bool> IsFreeWithinAsync(Workspace workspace, TimeSpan patience)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < patience; await Task.Delay(50))
        {
            if (TryEnter(workspace) is { } free)
            {
                free.Dispose();
                return true;
            }
        }

        return false;
    }

    private static void Send(Signal signal, Workspace workspace)
    {
        var holder = HolderOf(workspace);
        if (!int.TryParse(holder, NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
        {
            return;
        }

        try
        {
            signal.SendTo(pid);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new DevException($"dev (pid {pid}) belongs to another user and cannot be stopped.");
        }
    }

    private static string HolderOf(Workspace workspace)
    {
        try
        {
            return File.ReadAllText(PidFileOf(workspace));
        }
        catch (IOException)
        {
            // The other one has just ended, or not written its pid yet.
            return "unknown";
        }
    }

    private static string PidFileOf(Workspace workspace) => workspace.PathOf(Path.Combine("run", "dev.pid"));
}
