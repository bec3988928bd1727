using Caluma.Healthz.Runs;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>Keeps the newest report of a runner.</summary>
internal sealed class CountedRunner(IRunner runner) : IRunner
{
    public RunReport? Newest { get; private set; }

    public async Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken) =>
        Newest = await runner.RunAsync(checks, begun, cancellationToken);

    public RunReport Unanswered(CheckSet checks, TimeSpan waited) => runner.Unanswered(checks, waited);
}
