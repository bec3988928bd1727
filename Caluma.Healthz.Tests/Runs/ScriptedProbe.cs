using Caluma.Healthz.Checks;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>A probe that does what the test says.</summary>
internal sealed class ScriptedProbe(string target, Func<ProbeRun, CancellationToken, Task> script, params Check[] checks) : IProbe
{
    private int _runs;

    public string Target => target;

    public IReadOnlyList<Check> Checks => checks;

    public int Runs => _runs;

    public Task RunAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        return script(run, cancellationToken);
    }

    public Reason ReasonFor(Exception exception) => exception is TimeoutException ? Reason.Timeout : Reason.Protocol;

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
