namespace Caluma.Healthz.Checks;

/// <summary>Probes one target (a database, a cache or the media storage) for one or more checks.</summary>
internal interface IProbe
{
    /// <summary>The alias of the target.</summary>
    string Target { get; }

    /// <summary>The checks this probe answers, in the order in which it answers them.</summary>
    IReadOnlyList<Check> Checks { get; }

    /// <summary>The host names that its client looks up, of which one is enough: <see cref="NameLookups.NamesOf"/>.</summary>
    IReadOnlyList<string> HostNames => [];

    /// <summary>
    /// Answers the wanted checks of <paramref name="run"/>, one by one. It may throw: the unanswered checks then fail with
    /// <see cref="ReasonFor"/>. After <paramref name="cancellationToken"/> is cancelled nobody waits for its cleanup, which must end by
    /// itself.
    /// </summary>
    Task RunAsync(ProbeRun run, CancellationToken cancellationToken);

    /// <summary>The reason of an exception that the client library threw.</summary>
    Reason ReasonFor(Exception exception);
}
