namespace Caluma.Healthz.Http;

/// <summary>The routes, without the leading slash, as front doors register them.</summary>
public static class HealthzRoutes
{
    /// <summary>The report.</summary>
    public const string Report = "healthz";

    /// <summary>The verdict as a status alone.</summary>
    public const string Bare = "healthz/bare";

    /// <summary>Whether the probe itself is there; needs no key.</summary>
    public const string Ping = "healthz/ping";

    /// <summary>What can be said of the history.</summary>
    public const string Trend = "healthz/trend";

    /// <summary>The history.</summary>
    public const string History = "healthz/history";

    /// <summary>A page for people.</summary>
    public const string Dashboard = "healthz/dashboard";

    /// <summary>A picture for READMEs and wikis.</summary>
    public const string Badge = "healthz/badge.svg";
}
