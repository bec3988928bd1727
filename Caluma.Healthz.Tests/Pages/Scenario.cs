namespace Caluma.Healthz.Tests.Pages;

/// <summary>What the history of a <see cref="DashboardServer"/> is like.</summary>
public enum Scenario
{
    /// <summary>All is well.</summary>
    Healthy,

    /// <summary>The cache has failed for 40 minutes, and did so last week; the models become slower.</summary>
    Failing,

    /// <summary>Nothing was recorded so far.</summary>
    Empty,

    /// <summary>Nothing was recorded for three hours; before that, the cache failed.</summary>
    Stale,

    /// <summary>Nothing was recorded for five days, a week ago.</summary>
    Gap,

    /// <summary>Maintenance for an hour, and all fail.</summary>
    Maintenance,

    /// <summary>50 targets, and each of 90 days was different from the one before.</summary>
    Many,

    /// <summary>Names of targets that a page may stumble over.</summary>
    Hostile,
}
