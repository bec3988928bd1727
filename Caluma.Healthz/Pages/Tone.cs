namespace Caluma.Healthz.Pages;

/// <summary>The meaning of a sign, a word or a coloured edge.</summary>
internal enum Tone
{
    /// <summary>All is well.</summary>
    Good,

    /// <summary>Needs attention.</summary>
    Warning,

    /// <summary>Failing.</summary>
    Bad,

    /// <summary>Maintenance; does not count.</summary>
    Maintenance,

    /// <summary>Unknown.</summary>
    Unknown,
}
