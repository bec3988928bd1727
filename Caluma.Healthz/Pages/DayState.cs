namespace Caluma.Healthz.Pages;

/// <summary>What a day looks like in a strip.</summary>
internal enum DayState
{
    /// <summary>All runs passed.</summary>
    Good,

    /// <summary>Some failed, and the objective was kept.</summary>
    Blip,

    /// <summary>The objective was missed.</summary>
    Failing,

    /// <summary>Some, or all, were made during maintenance, and of the others none failed.</summary>
    Maintenance,

    /// <summary>Nothing was recorded, or less than half of what was to be.</summary>
    Missing,
}
