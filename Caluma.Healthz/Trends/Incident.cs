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
public sealed record Incident(
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
    /// <summary>What to do next.</summary>
    public string Next => NextStep.Of(this);
}
