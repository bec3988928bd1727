namespace Caluma.Healthz.Checks;

/// <summary>The verdict of one check on one target.</summary>
/// <param name="Check">What was checked.</param>
/// <param name="Target">The alias of the database or cache; <c>default</c> for the media storage.</param>
/// <param name="Duration">How long this check took; for one without an answer, how long it was waited for.</param>
/// <param name="Reason">Why it failed; null where it passed.</param>
public sealed record CheckResult(Check Check, string Target, TimeSpan Duration, Reason? Reason)
{
    /// <summary>Whether the check passed.</summary>
    public bool Ok => Reason is null;
}
