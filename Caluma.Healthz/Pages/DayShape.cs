namespace Caluma.Healthz.Pages;

/// <summary>What a day looks like in a strip. One that missed the objective is the redder, the more of its runs failed.</summary>
internal enum DayShape
{
    /// <summary>All runs passed.</summary>
    Good,

    /// <summary>Some failed, and the objective was kept.</summary>
    Blip,

    /// <summary>The objective was missed, by less than 2 % of the runs.</summary>
    Failing1,

    /// <summary>By less than 10 %.</summary>
    Failing2,

    /// <summary>By less than half.</summary>
    Failing3,

    /// <summary>By half or more.</summary>
    Failing4,

    /// <summary>Some, or all, were made during maintenance, and of the others none failed.</summary>
    Maintenance,

    /// <summary>Nothing was recorded, or less than half of what was to be.</summary>
    Missing,
}
