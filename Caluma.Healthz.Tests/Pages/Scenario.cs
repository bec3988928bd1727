namespace Caluma.Healthz.Tests.Pages;

/// <summary>The histories of a <see cref="DashboardServer"/>.</summary>
public enum Scenario
{
    /// <summary>Healthy.</summary>
    Healthy,

    /// <summary>The cache has failed for 40 minutes, and failed last week, too; the models become slower.</summary>
    Failing,

    /// <summary>Empty.</summary>
    Empty,

    /// <summary>No records for three hours; the cache failed before.</summary>
    Stale,

    /// <summary>No records for five days, a week ago.</summary>
    Gap,

    /// <summary>Maintenance for an hour, with all checks failing.</summary>
    Maintenance,

    /// <summary>50 targets with 90 different days.</summary>
    Many,

    /// <summary>Difficult names of targets.</summary>
    Hostile,
}
