using Caluma.Healthz.Dev.Processes;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>The command line of <c>./dev</c>, from its arguments to its exit code.</summary>
internal static class DevCommandLine
{
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int LinesOfLog = 25;

    /// <summary>The text of <c>./dev help</c>.</summary>
    public static string Usage
    {
        get
        {
            using var reader = new StreamReader(typeof(DevCommandLine).Assembly.GetManifestResourceStream("usage.txt")!);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="args">The command and its arguments.</param>
    /// <param name="workspace">The clone.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Progress and errors.</param>
    /// <param name="stop">Ctrl-C and other signals.</param>
    /// <returns>0 for success, 1 for failure, 2 for a wrong command line, 128 and more for a signal.</returns>
    public static async Task<int> InvokeAsync(string[] args, Workspace workspace, TextWriter output, TextWriter error, StopSignals stop)
    {
        var steps = new Steps(error);
        var (name, rest) = args is [var first, .. var others] ? (first, others) : ("help", []);
        Func<CancellationToken, Task<int>>? command = name switch
        {
            "run" or "func" or "services" or "bench" or "simulate" or "mutate" or "fuzz" or "endure" or "down"
                when rest.Any(IsHelp) => null,
            "run" => cancel => RunAsync(FrontDoor.Server, cancel),
            "func" => cancel => RunAsync(FrontDoor.Functions, cancel),
            "services" => cancel => new ServicesCommand(workspace, steps).RunAsync(rest, cancel),
            "test" => cancel => new TestCommand(workspace, steps, output).RunAsync(rest, cancel),
            "bench" => cancel => new BenchCommand(workspace, steps).RunAsync(rest, cancel),
            "simulate" => cancel => new SimulateCommand(workspace, steps).RunAsync(rest, cancel),
            "mutate" => cancel => new MutateCommand(workspace, steps, output).RunAsync(rest, cancel),
            "fuzz" => cancel => new FuzzCommand(workspace, steps, output).RunAsync(rest, cancel),
            "endure" => cancel => new EndureCommand(workspace, steps).RunAsync(rest, cancel),
            "build" => cancel => new BuildCommand(workspace, steps).RunAsync(rest, cancel),
            "down" => cancel => new DownCommand(workspace, steps).RunAsync(rest, cancel),
            _ => null,
        };
        if (command is null)
        {
            var isHelp = name == "help" || IsHelp(name) || rest.Any(IsHelp);
            await (isHelp ? output : error).WriteAsync(Usage);
            return isHelp ? 0 : WrongUsage;
        }

        try
        {
            return await command(stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return stop.ExitCode;
        }
        catch (DevException exception)
        {
            Write(exception, workspace, error, steps);
            return Failed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            steps.Report(exception.Message);
            steps.Report($"{workspace.Shown(workspace.State)}/ may belong to another user, or the disk may be full; it can be removed.");
            return Failed;
        }

        Task<int> RunAsync(FrontDoor frontDoor, CancellationToken cancel) =>
            new RunCommand(workspace, steps, output, Environment.GetEnvironmentVariable).RunAsync(frontDoor, rest, cancel);
    }

    private static bool IsHelp(string arg) => arg is "-h" or "--help";

    private static void Write(DevException exception, Workspace workspace, TextWriter error, Steps steps)
    {
        var log = exception.Log is { } file && File.Exists(file) ? file : null;
        foreach (var line in log is null ? [] : File.ReadLines(log).TakeLast(LinesOfLog))
        {
            error.WriteLine(line);
        }

        foreach (var line in exception.Message.Split(Environment.NewLine))
        {
            steps.Report(line);
        }

        if (log is not null)
        {
            steps.Report($"All of its output is in {workspace.Shown(log)}.");
        }
    }
}
