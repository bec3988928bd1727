namespace Caluma.Healthz.Configuration;

/// <summary>The outcome of translating a parameter of libpq.</summary>
/// <param name="IsHarmless">Accepted, and without an effect on a verdict.</param>
/// <param name="Expected">Where the value is invalid: what it must be. Empty where there is no such parameter.</param>
/// <param name="Refused">Where the parameter is not supported and would change the verdict: what to write instead.</param>
internal readonly record struct LibpqVerdict(bool IsHarmless = false, string? Expected = null, string? Refused = null)
{
    public static LibpqVerdict Taken => default;

    public static LibpqVerdict Harmless => new(IsHarmless: true);
}
