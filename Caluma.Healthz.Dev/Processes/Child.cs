using System.Diagnostics;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Dev.Processes;

/// <summary>
/// A program that <c>./dev</c> runs. The program never outlives <c>./dev</c> (<see cref="Guard"/>). It has a session of its own, so that
/// Ctrl-C reaches only <c>./dev</c>, which then stops it.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ChildOptions _options;

    private Child(Process process, ChildOptions options)
    {
        _process = process;
        _options = options;
        Output = options.Captured ? process.StandardOutput.ReadToEndAsync(CancellationToken.None) : Task.FromResult("");
        Ended = process.WaitForExitAsync(CancellationToken.None);
    }

    public Task Ended { get; }

    /// <summary>Its captured standard output.</summary>
    public Task<string> Output { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="command">Its name or path, and its arguments.</param>
    /// <param name="options">Its folder and output.</param>
    public static Child Start(IReadOnlyList<string> command, ChildOptions options)
    {
        IEnumerable<string> session = options.SharesSession ? [] : ["setsid"];
        IEnumerable<string> output = options.Log is { } log
            ? ["sh", "-c", $"exec \"$@\" {(options.AppendsToLog ? ">>" : ">")}\"$0\" 2>&1", log]
            : [];
        List<string> all = [.. session, .. output, .. command];
        all = options.SharesSession ? all : [.. Guard.Instance.CommandOf(all)];
        var start = new ProcessStartInfo(all[0], all[1..])
        {
            WorkingDirectory = options.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = options.Captured,
        };
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        if (options.Input is not null)
        {
            process.StandardInput.Write(options.Input);
        }

        process.StandardInput.Close();
        return new Child(process, options);
    }

    /// <summary>Runs a program to its end; a cancellation stops it.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, ChildOptions options, CancellationToken cancellationToken)
    {
        await using var child = Start(command, options);
        await child.Ended.WaitAsync(cancellationToken);
        return child._process.ExitCode;
    }

    /// <summary>Runs a program to its end. If it fails, the exception has the end of its log.</summary>
    public static async Task RunLoggedAsync(
        IReadOnlyList<string> command, ChildOptions options, string failure, CancellationToken cancellationToken)
    {
        if (await RunAsync(command, options, cancellationToken) != 0)
        {
            throw new DevException(failure) { Log = options.Log };
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its standard output; null where it failed.</returns>
    public static async Task<string?> CaptureAsync(IReadOnlyList<string> command, ChildOptions options, CancellationToken cancellationToken)
    {
        await using var child = Start(command, options with { Captured = true });
        var output = await child.Output.WaitAsync(cancellationToken);
        await child.Ended.WaitAsync(cancellationToken);
        return child._process.ExitCode == 0 ? output : null;
    }

    /// <summary>Stops the program and all processes that it has started.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_options.SharesSession)
        {
            // apt, perhaps as root: it gets Ctrl-C itself, and half an installation is worse than a late end. It is not guarded either.
            await Ended;
        }
        else
        {
            // Once more after its end, for processes that it has left behind.
            SendToSession(Signal.Terminate);
            if (await Task.WhenAny(Ended, Task.Delay(_patience)) != Ended)
            {
                foreach (var process in ProcessTree.Of(_process.Id))
                {
                    Signal.Kill.SendTo(process);
                }

                await Ended;
            }

            SendToSession(Signal.Kill);
        }

        _process.Dispose();
    }

    private void SendToSession(Signal signal) => signal.SendTo(-_process.Id);
}
