namespace Caluma.Healthz.Http;

/// <summary>The table of all routes. Paths are without the leading slash, as front doors register them.</summary>
internal static class HealthzRoutes
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

    /// <summary>A page for people about one incident, or the list of all.</summary>
    public const string Incidents = "healthz/incidents";

    /// <summary>A picture for READMEs and wikis.</summary>
    public const string Badge = "healthz/badge.svg";

    private static readonly string[] _get = ["GET"];
    private static readonly string[] _getAndHead = ["GET", "HEAD"];

    /// <summary>All routes.</summary>
    public static IReadOnlyList<HealthzRoute> All { get; } =
    [
        new(Report, _getAndHead, needsKey: true, (surface, request, cancellation) => surface.ReportAsync(request, cancellation)),
        new(Bare, _getAndHead, needsKey: true, (surface, request, cancellation) => surface.BareAsync(request, cancellation)),
        new(Ping, _getAndHead, needsKey: false, (_, _, _) => Task.FromResult(HealthzResponse.Text(200, "pong"))),
        OfHistory(Trend, (history, request, cancellation) => history.TrendAsync(request, cancellation)),
        OfHistory(History, (history, request, cancellation) => history.HistoryAsync(request, cancellation)),
        OfHistory(Dashboard, (history, request, cancellation) => history.DashboardAsync(request, cancellation)),
        OfHistory(Incidents, (history, request, cancellation) => history.IncidentsAsync(request, cancellation)),
        OfHistory(Badge, (history, _, cancellation) => history.BadgeAsync(cancellation)),
    ];

    /// <summary>The route of a request's path; null where there is none.</summary>
    /// <remarks>Capitals make no difference: the Functions host finds a route with them too, and asks for its key.</remarks>
    public static HealthzRoute? Find(string path)
    {
        var name = path.Trim('/');
        return All.FirstOrDefault(route => route.Path.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static HealthzRoute OfHistory(
        string path, Func<HistoryHandlers, HealthzRequest, CancellationToken, Task<HealthzResponse>> handler) =>
        new(path, _get, needsKey: true, (surface, request, cancellation) => surface.FromHistoryAsync(handler, request, cancellation));
}
