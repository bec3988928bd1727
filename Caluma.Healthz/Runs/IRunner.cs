namespace Caluma.Healthz.Runs;

/// <summary>Runs checks on all configured targets.</summary>
internal interface IRunner
{
    /// <summary>
    /// Runs the given checks, now, on all targets at once, each within the timeout. The time of a target starts when the work on it does;
    /// one whose work does not start within the timeout gets no verdict.
    /// </summary>
    /// <param name="checks">What to run.</param>
    /// <param name="begun">Told once when all work has started, or has been given up; null where nobody asks.</param>
    /// <param name="cancellationToken">Ends the run without a report.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken);

    /// <inheritdoc cref="RunAsync(CheckSet, Action?, CancellationToken)"/>
    Task<RunReport> RunAsync(CheckSet checks, CancellationToken cancellationToken) => RunAsync(checks, null, cancellationToken);

    /// <summary>
    /// What callers are told of a run that the process has no time for: not ok, and no verdict on any target. It is logged as that.
    /// </summary>
    /// <param name="checks">What was asked for.</param>
    /// <param name="waited">How long.</param>
    RunReport Unanswered(CheckSet checks, TimeSpan waited);
}
