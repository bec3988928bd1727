namespace Caluma.Healthz.Pages;

/// <summary>What a sign, a word or an edge says of what it stands beside.</summary>
internal enum Tone
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>To be looked at.</summary>
    Warning,

    /// <summary>Failing.</summary>
    Bad,

    /// <summary>Not counted.</summary>
    Maintenance,

    /// <summary>Nothing is known.</summary>
    Unknown,
}
