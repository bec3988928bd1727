using Spectre.Console;

namespace Caluma.Healthz.Dev;

/// <summary>Shows the steps of a command: on a terminal with their duration, elsewhere as a line each.</summary>
internal sealed class Steps(TextWriter error)
{
    private readonly Lazy<IAnsiConsole> _terminal = new(() =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) }));

    private static bool OnTerminal =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public void Report(string message) => error.WriteLine($"dev: {message}");

    /// <summary>Runs one step.</summary>
    public Task RunAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        RunAllAsync([(what, work)], cancellationToken);

    /// <summary>Runs several steps in parallel. When one fails, the others are cancelled and awaited.</summary>
    public async Task RunAllAsync(
        IReadOnlyList<(string What, Func<CancellationToken, Task> Work)> steps, CancellationToken cancellationToken)
    {
        if (!OnTerminal)
        {
            foreach (var (what, _) in steps)
            {
                Report(what);
            }

            await RunInParallelAsync([.. steps.Select(step => step.Work)], cancellationToken);
            return;
        }

        var progress = _terminal.Value.Progress()
            .Columns(
                new SpinnerColumn { CompletedText = "[green]✓[/]" },
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ElapsedTimeColumn());
        await progress.StartAsync(context => RunInParallelAsync(
            [.. steps.Select(step => Shown(context.AddTask(Markup.Escape(step.What)).IsIndeterminate(), step.Work))], cancellationToken));
    }

    private static Func<CancellationToken, Task> Shown(ProgressTask task, Func<CancellationToken, Task> work) => async cancellationToken =>
    {
        await work(cancellationToken);
        task.IsIndeterminate(false).Value = task.MaxValue;
    };

    private static async Task RunInParallelAsync(IReadOnlyList<Func<CancellationToken, Task>> works, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        await Task.WhenAll(works.Select(async work =>
        {
            try
            {
                await work(failed.Token);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref first, exception, null);
                await failed.CancelAsync();
            }
        }));
        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}
