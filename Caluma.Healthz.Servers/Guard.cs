using System.Diagnostics;

namespace Caluma.Healthz.Servers;

/// <summary>Sees to it that nothing of the tests outlives their process, in whatever way that ends, kill -9 included.</summary>
/// <remarks>
/// The guard is a small shell script, in a session of its own, at the other end of a pipe from this process. When the pipe
/// closes, it kills the servers that still run, with the processes they have started, and removes the folder of them all.
/// (PR_SET_PDEATHSIG will not do: it fires when the *thread* that started the child ends, and does not reach the child's own
/// children. A process group will not either: each process of PostgreSQL makes its own.)
/// Each server records itself before it becomes the server, so there is no moment at which it runs and the guard does not
/// know; when the guard has begun, there is no place left to record oneself in, and the server does not start.
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
          # Stopped, it starts no more.
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

    /// <summary>Records itself in $0, then becomes the program.</summary>
    private const string RecordingScript = """read -r stat <"/proc/$$/stat" && echo "$stat" >"$0/$$" && exec "$@" """;

    private const string Prefix = "caluma-healthz-tests-";
    private const string Memory = "/dev/shm";

    /// <summary>In bytes. A container has 64 MB there, unless told otherwise.</summary>
    private const long EnoughMemory = 3L * 1024 * 1024 * 1024;

    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly Lazy<Guard> _instance = new(() => new Guard());

    // Held so that it is not collected, which would close the pipe.
    private readonly StreamWriter _pipe;

    public Guard()
    {
        var folder = CreateFolder();

        // A server that runs as another user must get through to its own folder.
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

    /// <summary>The folder of everything that the tests leave on disk while they run.</summary>
    public string Folder { get; }

    /// <summary>The process of the guard itself.</summary>
    public int ProcessId { get; }

    /// <summary>The command under which a program is guarded; its process is that of the command.</summary>
    public IEnumerable<string> CommandOf(IEnumerable<string> command) =>
        ["sh", "-c", RecordingScript, Path.Combine(Folder, "running"), .. command];

    /// <summary>Closes the pipe, as the end of this process would.</summary>
    public void Dispose() => _pipe.Dispose();

    /// <summary>
    /// In memory, where there is enough: ext4 looks long for a free inode where many files have just been deleted (recently_deleted in
    /// https://github.com/torvalds/linux/blob/master/fs/ext4/ialloc.c), and a database is 300 files: about
    /// 12 % of all samples of a profile.
    /// </summary>
    private static DirectoryInfo CreateFolder()
    {
        var memory = new DriveInfo(Memory);
        return memory is { IsReady: true, DriveFormat: "tmpfs" } && memory.AvailableFreeSpace > EnoughMemory
            ? Directory.CreateDirectory(Path.Combine(Memory, $"{Prefix}{Guid.NewGuid():N}"), UserOnly)
            : Directory.CreateTempSubdirectory(Prefix);
    }
}
