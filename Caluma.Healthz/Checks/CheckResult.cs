namespace Caluma.Healthz.Checks;

/// <summary>The verdict of one check on one target.</summary>
/// <param name="Check">The check.</param>
/// <param name="Target">The alias of the database or cache; <c>default</c> for the media storage.</param>
/// <param name="Duration">How long this check took; without an answer, how long the probe waited.</param>
/// <param name="Reason">Why it failed; null where it passed.</param>
internal sealed record CheckResult(Check Check, string Target, TimeSpan Duration, Reason? Reason)
{
    /// <summary>
    /// Whether the check ran. It did not where the probe's own process was too busy to start it in time: the report then says not ok, but
    /// no failure of the target is recorded or counted.
    /// </summary>
    public bool HasVerdict { get; private init; } = true;

    /// <summary>Whether the check passed.</summary>
    public bool Ok => HasVerdict && Reason is null;

    /// <summary>The result of a check that the process had no time to start.</summary>
    internal static CheckResult WithoutVerdict(Check check, string target, TimeSpan waited) =>
        new(check, target, waited, null) { HasVerdict = false };
}
