namespace Caluma.Healthz.Checks;

/// <summary>The verdict of one check on one target.</summary>
/// <param name="Check">What was checked.</param>
/// <param name="Target">The alias of the database or cache; <c>default</c> for the media storage.</param>
/// <param name="Duration">How long this check took; for one without an answer, how long it was waited for.</param>
/// <param name="Reason">Why it failed; null where it passed.</param>
internal sealed record CheckResult(Check Check, string Target, TimeSpan Duration, Reason? Reason)
{
    /// <summary>
    /// Whether the check has looked at its target. Where the probe's own process had no time for it in time, it has not: that is
    /// reported as not ok, and is neither recorded nor counted as a failure of the target.
    /// </summary>
    public bool HasVerdict { get; private init; } = true;

    /// <summary>Whether the check passed.</summary>
    public bool Ok => HasVerdict && Reason is null;

    /// <summary>What is reported of a check that the process had no time for.</summary>
    internal static CheckResult WithoutVerdict(Check check, string target, TimeSpan waited) =>
        new(check, target, waited, null) { HasVerdict = false };
}
