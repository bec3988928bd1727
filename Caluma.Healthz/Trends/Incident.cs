namespace Caluma.Healthz.Trends;

/// <summary>Alerts of one system that overlap: what a person is told of, once.</summary>
/// <param name="Id">Tells it apart, for as long as it is known: the system, and when it started.</param>
/// <param name="System">What is affected: <c>database</c>, <c>cache</c>, <c>media-storage</c>, <c>probe</c> where all of them are, or
/// <c>recording</c>.</param>
/// <param name="Target">The alias; <c>probe</c> where all systems are affected, or the recording is.</param>
/// <param name="Checks">The checks that it takes in; none where nothing was recorded.</param>
/// <param name="Severity">Critical is a page; a warning is a ticket.</param>
/// <param name="Started">When what it is about began: the first failing run, or the first hour that was slow.</param>
/// <param name="Opened">The tick upon which it was opened.</param>
/// <param name="Notifications">How many times a person was told: when it was opened, and upon each update. Its end is not counted.</param>
/// <param name="Reason">Why the first of them failed; null where none has, because it is slow or nothing was recorded.</param>
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
    /// <summary>What flaps for weeks must not fill the state.</summary>
    private const int MaxMoments = 40;


    /// <summary>The first run that passed after the last failure; null while it fails, and for a ticket.</summary>
    public DateTimeOffset? Recovered { get; init; }

    /// <summary>What people were told of it, the oldest first: when it was opened, each update, and its end.</summary>
    public IReadOnlyList<IncidentMoment> Timeline { get; init; } = [];

    /// <summary>What to do next, as a sentence. It stays the same, whatever joins.</summary>
    public string Next => $"{char.ToUpperInvariant(Step[0])}{Step[1..]}.";

    /// <summary>The same, as <see cref="NextSteps"/> has it.</summary>
    private string Step => System switch
    {
        AffectedSystem.ProbeKind => NextSteps.ForProbe,
        AffectedSystem.RecordingKind => NextSteps.ForRecording,
        _ when Reason is { } reason && !Checks.IsEmpty => NextSteps.For(FirstCheck, reason),
        _ => NextSteps.ForLatency,
    };

    /// <summary>The check that it was opened with: of several the log-in, upon which all else depends.</summary>
    private Check FirstCheck
    {
        get
        {
            var checks = Timeline is [{ Checks.IsEmpty: false } opened, ..] ? opened.Checks : Checks;
            return checks.Contains(Check.Databases) ? Check.Databases : checks.Members.First();
        }
    }

    /// <summary>The incident after something has become of it that people are told.</summary>
    /// <param name="said">What.</param>
    internal Incident With(IncidentMoment said) =>
        this with { Timeline = [.. Timeline.Take(1), .. Timeline.Skip(1).TakeLast(MaxMoments - 2), said] };
}
