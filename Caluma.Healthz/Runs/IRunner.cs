namespace Caluma.Healthz.Runs;

/// <summary>Runs checks on all configured targets.</summary>
internal interface IRunner
{
    /// <summary>
    /// Runs the checks on all targets in parallel, each within the timeout. The time of a target starts when its work starts; a target
    /// whose work does not start within the timeout gets no verdict.
    /// </summary>
    /// <param name="checks">The checks to run.</param>
    /// <param name="begun">Called once when all work has started, or has been given up; may be null.</param>
    /// <param name="cancellationToken">Ends the run without a report.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken);

    /// <inheritdoc cref="RunAsync(CheckSet, Action?, CancellationToken)"/>
    Task<RunReport> RunAsync(CheckSet checks, CancellationToken cancellationToken) => RunAsync(checks, null, cancellationToken);

    /// <summary>Makes and logs the report of a run that the process had no time for: not ok, and without verdicts.</summary>
    /// <param name="checks">The wanted checks.</param>
    /// <param name="waited">How long the caller waited.</param>
    RunReport Unanswered(CheckSet checks, TimeSpan waited);
}
