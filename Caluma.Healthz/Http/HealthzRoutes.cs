using System.Collections.Immutable;

namespace Caluma.Healthz.Http;

/// <summary>The table of all routes. Paths have no leading slash, because front doors register them so.</summary>
internal static class HealthzRoutes
{
    /// <summary>The report of a run.</summary>
    public const string Report = "healthz";

    /// <summary>The verdict as a status alone.</summary>
    public const string Bare = "healthz/bare";

    /// <summary>Whether the probe itself answers; needs no key.</summary>
    public const string Ping = "healthz/ping";

    /// <summary>Availability, latency, alerts and incidents as JSON.</summary>
    public const string Trend = "healthz/trend";

    /// <summary>The recorded runs.</summary>
    public const string History = "healthz/history";

    /// <summary>The dashboard and the pages of a check or a day.</summary>
    public const string Dashboard = "healthz/dashboard";

    /// <summary>The list of incidents, or the page of one.</summary>
    public const string Incidents = "healthz/incidents";

    /// <summary>The badge for READMEs and wikis.</summary>
    public const string Badge = "healthz/badge.svg";

    private static readonly string[] _get = ["GET"];
    private static readonly string[] _getAndHead = ["GET", "HEAD"];

    /// <summary>All routes.</summary>
    public static ImmutableArray<HealthzRoute> All { get; } =
    [
        new(Report, _getAndHead, NeedsKey: true, (surface, request, cancellation) => surface.ReportAsync(request, cancellation)),
        new(Bare, _getAndHead, NeedsKey: true, (surface, request, cancellation) => surface.BareAsync(request, cancellation)),
        new(Ping, _getAndHead, NeedsKey: false, (_, _, _) => Task.FromResult(HealthzResponse.Text(200, "pong"))),
        OfHistory(Trend, (history, request, cancellation) => history.TrendAsync(request, cancellation)),
        OfHistory(History, (history, request, cancellation) => history.HistoryAsync(request, cancellation)),
        OfHistory(Dashboard, (history, request, cancellation) => history.DashboardAsync(request, cancellation)),
        OfHistory(Incidents, (history, request, cancellation) => history.IncidentsAsync(request, cancellation)),
        OfHistory(Badge, (history, _, cancellation) => history.BadgeAsync(cancellation)),
    ];

    /// <summary>The route of a request's path; null where there is none.</summary>
    /// <remarks>Case-insensitive, like the Functions host, which finds the route and checks its key.</remarks>
    public static HealthzRoute? Find(string path)
    {
        var name = path.Trim('/');
        return All.FirstOrDefault(route => name.Equals(route.Path, StringComparison.OrdinalIgnoreCase));
    }

    private static HealthzRoute OfHistory(
        string path, Func<HistoryHandlers, HealthzRequest, CancellationToken, Task<HealthzResponse>> handler) =>
        new(path, _get, NeedsKey: true, (surface, request, cancellation) => surface.FromHistoryAsync(handler, request, cancellation));
}
