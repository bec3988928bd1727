namespace Caluma.Healthz.Trends;

/// <summary>Overlapping alerts of one system, or of systems that fail together, of which people are notified once.</summary>
/// <param name="Id">The identity: the system and the start.</param>
/// <param name="System">The affected system: <c>database</c>, <c>cache</c>, <c>media-storage</c>; <c>databases</c>, <c>caches</c> or
/// <c>systems</c> where it began with several; <c>probe</c> for all of them, or <c>recording</c>.</param>
/// <param name="Target">The alias of the system it began with; the same as <paramref name="System"/> for several; <c>probe</c> for all
/// systems and for the recording.</param>
/// <param name="Checks">The affected checks; empty for the recording.</param>
/// <param name="Severity">The severity: a critical incident is a page, a warning a ticket.</param>
/// <param name="Started">When the trouble began: the first failing run, or the first slow hour.</param>
/// <param name="Opened">The tick upon which it was opened.</param>
/// <param name="Notifications">The number of notifications: one when it was opened and one for each update, without the one of its
/// end.</param>
/// <param name="Reason">Why the first check failed; null where no check failed, because of slowness or missing runs.</param>
/// <param name="Resolved">The tick upon which it was resolved; null where it is open.</param>
internal sealed record Incident(
    string Id,
    string System,
    string Target,
    CheckSet Checks,
    Severity Severity,
    DateTimeOffset Started,
    DateTimeOffset Opened,
    int Notifications,
    Reason? Reason = null,
    DateTimeOffset? Resolved = null)
{
    /// <summary>A bound for an incident that flaps for weeks.</summary>
    private const int MaxMoments = 40;

    /// <summary>The systems that it began with and those that have joined; null where there has been only one.</summary>
    public IReadOnlyList<AffectedSystem>? Members { get; init; }

    /// <summary>The first run that passed after the last failure; null while a check fails, and for a ticket.</summary>
    public DateTimeOffset? Recovered { get; init; }

    /// <summary>The notifications, the oldest first: opened, each update, resolved.</summary>
    public IReadOnlyList<IncidentMoment> Timeline { get; init; } = [];

    /// <summary>The next step, as a sentence. It stays the same when other checks join.</summary>
    public string Next => $"{char.ToUpperInvariant(Step[0])}{Step[1..]}.";

    /// <summary>The next step in the form of <see cref="NextSteps"/>.</summary>
    private string Step => System switch
    {
        AffectedSystem.ProbeKind => NextSteps.ForProbe,
        AffectedSystem.RecordingKind => NextSteps.ForRecording,
        _ when Reason is { } reason && !Checks.IsEmpty =>
            $"{(Began.IsGroup ? NextSteps.ForSeveral : "")}{NextSteps.For(FirstCheck, reason)}",
        _ => NextSteps.ForLatency,
    };

    /// <summary>The system or group that it began with.</summary>
    private AffectedSystem Began => new(System, Target);

    /// <summary>The check that it was opened with; of several, the login, because the others depend on it.</summary>
    private Check FirstCheck
    {
        get
        {
            var checks = Timeline is [{ Checks.IsEmpty: false } opened, ..] ? opened.Checks : Checks;
            return checks.Contains(Check.Databases) ? Check.Databases : checks.Members.First();
        }
    }

    /// <summary>How many systems it takes in.</summary>
    internal int Count => Members?.Count ?? 1;

    /// <summary>Whether it is about a system.</summary>
    internal bool Covers(AffectedSystem system) => Began == system || Began.IsProbe || Members?.Contains(system) == true;

    /// <summary>The incident with systems and checks that have joined.</summary>
    internal Incident With(AffectedSystems affected)
    {
        var joined = affected.Systems.Where(system => !Covers(system)).ToList();
        return this with
        {
            Checks = Checks.Union(affected.Checks),
            Members = joined.Count == 0 ? Members : [.. Members ?? [Began], .. joined],
        };
    }

    /// <summary>The incident after another notification.</summary>
    /// <param name="said">The notification.</param>
    internal Incident With(IncidentMoment said) =>
        this with { Timeline = [.. Timeline.Take(1), .. Timeline.Skip(1).TakeLast(MaxMoments - 2), said] };
}
