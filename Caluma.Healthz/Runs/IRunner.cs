namespace Caluma.Healthz.Runs;

/// <summary>Runs checks on all configured targets.</summary>
public interface IRunner
{
    /// <summary>Runs the given checks, now, on all targets at once, and within the timeout.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<RunReport> RunAsync(CheckSet checks, CancellationToken cancellationToken);

    /// <summary>What a run reports that got no answer from any target.</summary>
    RunReport Unanswered(CheckSet checks);
}
