namespace Caluma.Healthz.Checks;

/// <summary>Looks at one target (one database, one cache, the media storage) and answers one or more checks on it.</summary>
internal interface IProbe
{
    /// <summary>The alias of the target.</summary>
    string Target { get; }

    /// <summary>The checks this probe answers, in the order in which it answers them.</summary>
    IReadOnlyList<Check> Checks { get; }

    /// <summary>
    /// Answers the wanted checks of <paramref name="run"/>, one by one. It may throw: what is unanswered then fails with
    /// <see cref="ReasonFor"/>. What it still does after <paramref name="cancellationToken"/> is cancelled (cleaning up)
    /// is not waited for, so it must end by itself.
    /// </summary>
    Task RunAsync(ProbeRun run, CancellationToken cancellationToken);

    /// <summary>Says which of the closed set of reasons an exception of the client library stands for.</summary>
    Reason ReasonFor(Exception exception);
}
