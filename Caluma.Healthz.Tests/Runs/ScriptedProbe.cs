using Caluma.Healthz.Checks;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>A probe that runs an action of the test.</summary>
internal sealed class ScriptedProbe(string target, Func<ProbeRun, CancellationToken, Task> script, params Check[] checks) : IProbe
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;
    private int _returned;

    public string Target => target;

    public IReadOnlyList<string> HostNames { get; init; } = [];

    public IReadOnlyList<Check> Checks => checks;

    public int Runs => _runs;

    /// <summary>The number of runs whose script has returned its task: what it answers at once is answered.</summary>
    public int Returned => _returned;

    /// <summary>Completes when its work has started.</summary>
    public Task Begun => _begun.Task;

    public Task RunAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        _begun.TrySetResult();
        var work = script(run, cancellationToken);
        Interlocked.Increment(ref _returned);
        return work;
    }

    /// <summary>Classifies an exception that is no timeout.</summary>
    public Reason Reason { get; init; } = Reason.Protocol;

    public Reason ReasonFor(Exception exception) => exception is TimeoutException ? Reason.Timeout : Reason;

    /// <summary>A probe that passes all its checks at once.</summary>
    public static ScriptedProbe Passing(string target, params Check[] checks) => new(
        target,
        (run, _) =>
        {
            foreach (var check in checks)
            {
                run.Pass(check);
            }

            return Task.CompletedTask;
        },
        checks);
}
