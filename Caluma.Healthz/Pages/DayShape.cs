namespace Caluma.Healthz.Pages;

/// <summary>The shape of a day in a strip. Of a day that missed the objective, the share of failures decides how red it is.</summary>
internal enum DayShape
{
    /// <summary>All runs passed.</summary>
    Good,

    /// <summary>Some failed, and the objective was kept.</summary>
    Blip,

    /// <summary>The objective was missed, by less than 2 % of the runs.</summary>
    Failing1,

    /// <summary>The objective was missed, by less than 10 % of the runs.</summary>
    Failing2,

    /// <summary>The objective was missed, by less than half of the runs.</summary>
    Failing3,

    /// <summary>The objective was missed, by half of the runs or more.</summary>
    Failing4,

    /// <summary>Some or all runs were during maintenance, and none of the others failed.</summary>
    Maintenance,

    /// <summary>Less than half of the scheduled runs were recorded.</summary>
    Missing,
}
