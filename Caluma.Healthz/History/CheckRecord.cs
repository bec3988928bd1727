namespace Caluma.Healthz.History;

/// <summary>The recorded result of one check on one target.</summary>
/// <param name="Check">What was checked; its key in JSON.</param>
/// <param name="Target">The alias.</param>
/// <param name="Ok">Whether it passed.</param>
/// <param name="Ms">How long it took, in milliseconds.</param>
/// <param name="Reason">Why it failed, as a code in JSON; null where it passed.</param>
internal sealed record CheckRecord(Check Check, string Target, bool Ok, double Ms, Reason? Reason = null)
{
    internal Series Series => new(Check, Target);
}
