using System.Diagnostics;

namespace Caluma.Healthz.Servers;

/// <summary>A process that never outlives the one that started it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _name;

    private ServerProcess(Process process, string name, ServerLog log)
    {
        _process = process;
        _name = name;
        Log = log;
        Ended = Task.WhenAll(process.WaitForExitAsync(), PumpAsync(process.StandardOutput), PumpAsync(process.StandardError));
    }

    public ServerLog Log { get; }

    public int Id => _process.Id;

    /// <summary>Completes when the process has ended and all its output is in the log.</summary>
    public Task Ended { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>Available once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="program">A path, or a name on the PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="user">Its user; null for the current one.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="log">Gets its output; null for a new log.</param>
    public static ServerProcess Start(
        ServerFolder folder,
        string program,
        IEnumerable<string> arguments,
        ServerUser? user = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        ServerLog? log = null)
    {
        // Both scripts execute the program in their own process (runuser stays as its parent). In a session of its own it does not get
        // Ctrl-C; its owner stops it.
        IEnumerable<string> asUser = user is null
            ? []
            : ["setpriv", $"--reuid={user.UserId}", $"--regid={user.GroupId}", "--clear-groups", "--"];
        var command = Guard.Instance.CommandOf(["setsid", .. asUser, program, .. arguments]);
        var start = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        return new ServerProcess(process, Path.GetFileName(program), log ?? new ServerLog());
    }

    /// <summary>Runs a program to its end; its failure is an exception.</summary>
    public static async Task RunAsync(
        ServerFolder folder,
        string program,
        IEnumerable<string> arguments,
        ServerUser? user = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeSpan? deadline = null)
    {
        using var process = Start(folder, program, arguments, user, environment);
        await process.UntilEndedAsync(deadline);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed with {process.ExitCode}:{Environment.NewLine}{process.Log}");
        }
    }

    /// <summary>Waits until the process writes a line with a text in it.</summary>
    /// <exception cref="InvalidOperationException">The process ended first.</exception>
    public async Task UntilLoggedAsync(string text, int from = 0)
    {
        var seen = Log.SeenAsync(text, from);
        try
        {
            await Task.WhenAny(seen, Ended).WaitAsync(Deadline.Default);
        }
        catch (TimeoutException)
        {
            throw Deadline.Passed($"{_name} writes \"{text}\"", Log.ToString());
        }

        if (!seen.IsCompleted)
        {
            throw new InvalidOperationException($"{_name} ended with {ExitCode} before it wrote \"{text}\":{Environment.NewLine}{Log}");
        }
    }

    public void Send(Signal signal)
    {
        if (!HasEnded)
        {
            signal.SendTo(Id);
        }
    }

    /// <summary>Sends a signal to it and to all its descendants.</summary>
    public void SendToAll(Signal signal)
    {
        // Repeated until no new process is found: one may start another before the signal reaches it.
        var signalled = new HashSet<int>();
        while (ProcessTree.Of(Id).Where(signalled.Add).ToList() is { Count: > 0 } processIds)
        {
            processIds.ForEach(id => signal.SendTo(id));
        }
    }

    /// <summary>Kills it and all its descendants, and waits until they have ended.</summary>
    public async Task KillAsync()
    {
        // Stopped processes start no others, and their parents are still known.
        SendToAll(Signal.Stop);
        var processIds = ProcessTree.Of(Id);
        foreach (var processId in processIds)
        {
            Signal.Kill.SendTo(processId);
        }

        await UntilEndedAsync();
        await Deadline.UntilAsync($"the processes of {_name} end when killed", () => !processIds.Any(ProcessTree.IsAlive));
    }

    /// <summary>Waits until the process has ended and all its output is in the log.</summary>
    public async Task UntilEndedAsync(TimeSpan? deadline = null)
    {
        try
        {
            await Ended.WaitAsync(deadline ?? Deadline.Default);
        }
        catch (TimeoutException)
        {
            throw Deadline.Passed($"{_name} ends", Log.ToString(), deadline);
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task PumpAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            Log.Add(line);
        }
    }
}
