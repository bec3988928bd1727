using System.Diagnostics;

namespace Caluma.Healthz.Servers;

/// <summary>Ends all servers with the process that started them, even after kill -9.</summary>
/// <remarks>
/// The guard is a small shell script in a session of its own, which reads a pipe from this process. When the pipe closes, the guard kills
/// the running servers and their child processes, and removes their folder. (PR_SET_PDEATHSIG does not work: it fires when the *thread*
/// that started the child ends, and does not reach grandchildren. Process groups do not work either: each process of PostgreSQL has its
/// own.) Each server records its process before it runs the program, so that the guard knows every server. Once the guard has begun,
/// recording fails and the server does not start.
/// </remarks>
internal sealed class Guard : IDisposable
{
    /// <summary>$1 is the folder.</summary>
    private const string Script =
        """
        started() {
          read -r stat <"$1" && set -- ${stat##*) } && echo "${20}"
        }
        end() {
          # A stopped process starts no others.
          kill -s STOP "$1"
          for child in $(grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status | cut -d / -f 3)
          do
            end "$child"
          done
          kill -s KILL "$1"
        }
        cd /
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        cat
        mv "$1/running" "$1/ending"
        for record in "$1"/ending/*
        do
          process=${record##*/}
          # A later process may have the same number, but not the same start.
          [ "$(started "/proc/$process/stat")" != "$(started "$record")" ] || end "$process"
        done
        attempts=0
        while [ -e "$1" ] && [ $((attempts += 1)) -le 100 ]
        do
          rm -rf "$1"
        done
        """;

    /// <summary>Records itself in $0, then executes the program.</summary>
    private const string RecordingScript = """read -r stat <"/proc/$$/stat" && echo "$stat" >"$0/$$" && exec "$@" """;

    private const string Prefix = "caluma-healthz-tests-";
    private const string Memory = "/dev/shm";

    /// <summary>In bytes. A container has 64 MB there by default.</summary>
    private const long EnoughMemory = 3L * 1024 * 1024 * 1024;

    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly Lazy<Guard> _instance = new(() => new Guard());

    // Kept so that it is not collected, which would close the pipe.
    private readonly StreamWriter _pipe;

    public Guard()
    {
        var folder = CreateFolder();

        // A server that runs as another user must be able to enter its folder.
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Folder = folder.FullName;
        Directory.CreateDirectory(Path.Combine(Folder, "running"));
        var process = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Script, "guard", Folder]) { RedirectStandardInput = true })
            ?? throw new InvalidOperationException("The guard did not start.");
        ProcessId = process.Id;
        _pipe = process.StandardInput;
    }

    /// <summary>The guard of this process.</summary>
    public static Guard Instance => _instance.Value;

    /// <summary>The folder of all temporary files.</summary>
    public string Folder { get; }

    /// <summary>The process of the guard itself.</summary>
    public int ProcessId { get; }

    /// <summary>The command that runs a program under the guard, in the same process.</summary>
    public IEnumerable<string> CommandOf(IEnumerable<string> command) =>
        ["sh", "-c", RecordingScript, Path.Combine(Folder, "running"), .. command];

    /// <summary>Closes the pipe, as the end of this process would.</summary>
    public void Dispose() => _pipe.Dispose();

    /// <summary>
    /// In memory if there is enough: ext4 searches long for a free inode after many files were deleted (recently_deleted in
    /// https://github.com/torvalds/linux/blob/master/fs/ext4/ialloc.c), and a database is 300 files: about 12 % of all samples of a
    /// profile.
    /// </summary>
    private static DirectoryInfo CreateFolder()
    {
        var memory = new DriveInfo(Memory);
        return memory is { IsReady: true, DriveFormat: "tmpfs" } && memory.AvailableFreeSpace > EnoughMemory
            ? Directory.CreateDirectory(Path.Combine(Memory, $"{Prefix}{Guid.NewGuid():N}"), UserOnly)
            : Directory.CreateTempSubdirectory(Prefix);
    }
}
