namespace Caluma.Healthz.Configuration;

/// <summary>What becomes of a parameter of libpq.</summary>
/// <param name="IsHarmless">Read, and without an effect on a verdict.</param>
/// <param name="Expected">Not understood: what the value may be; empty where there is no such parameter.</param>
/// <param name="Refused">Refused, because without it the verdict would be about something else: what to write instead.</param>
internal readonly record struct LibpqVerdict(bool IsHarmless = false, string? Expected = null, string? Refused = null)
{
    public static LibpqVerdict Taken => default;

    public static LibpqVerdict Harmless => new(IsHarmless: true);
}
