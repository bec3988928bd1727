using System.Globalization;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Http;

/// <summary>The whole HTTP surface behind the key check, the same for every front door.</summary>
public sealed class HealthzSurface
{
    private readonly HealthzConfiguration _configuration;
    private readonly SharedRuns _runs;
    private readonly HistorySurface? _history;
    private readonly ILogger _logger;

    internal HealthzSurface(HealthzConfiguration configuration, SharedRuns runs, HistorySurface? history, ILogger<HealthzSurface> logger)
    {
        _configuration = configuration;
        _runs = runs;
        _history = history;
        _logger = logger;
    }

    /// <summary>Answers a request that has passed the key check of its front door.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled: the caller left.</exception>
    public async Task<HealthzResponse> AnswerAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        HealthzResponse response;
        try
        {
            response = await RouteAsync(request, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A front door would log its message too, which may hold a secret.
            ExceptionLog.Write(_logger, exception, Reason.Unknown, "answering a request");
            response = HealthzResponse.Text(500);
        }

        return request.Method == "HEAD" ? response with { Body = default, Stream = null } : response;
    }

    private async Task<HealthzResponse> RouteAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        var route = request.Path.Trim('/');
        var isOfHistory = HistorySurface.Routes.Contains(route);
        if (!_configuration.Options.Enabled || !(isOfHistory || route is HealthzRoutes.Report or HealthzRoutes.Bare or HealthzRoutes.Ping))
        {
            return HealthzResponse.Text(404);
        }

        if (request.Method != "GET" && (isOfHistory || request.Method != "HEAD"))
        {
            return HealthzResponse.Text(405).With("Allow", isOfHistory ? "GET" : "GET, HEAD");
        }

        if (route == HealthzRoutes.Ping)
        {
            return HealthzResponse.Text(200, "pong");
        }

        if (_configuration.Problems.Count > 0)
        {
            // With each request: the Functions host drops what is logged outside of one.
            ConfigurationLog.Write(_logger, _configuration);
            var refusal = HealthzResponse.Json(503, ReportJson.InvalidConfiguration());
            return route == HealthzRoutes.Bare ? refusal.WithoutBody() : refusal;
        }

        if (isOfHistory)
        {
            return _history is null
                ? HealthzResponse.Refusal(404, "No history is recorded: none of Healthz__History__ConnectionString, Healthz__History__ServiceUri and AzureWebJobsStorage is set")
                : await _history.AnswerAsync(route, request, cancellationToken);
        }

        var response = await ReportAsync(request, cancellationToken);
        return route == HealthzRoutes.Bare ? response.WithoutBody() : response;
    }

    private async Task<HealthzResponse> ReportAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        if (CheckFilter.Parse(request.Query, out var problem) is not { } filter)
        {
            return HealthzResponse.Refusal(400, problem);
        }

        var checks = filter.Apply(_configuration.Options.Checks);
        if (checks.IsEmpty)
        {
            return HealthzResponse.Refusal(404, "No checks found");
        }

        var (report, age) = await _runs.GetAsync(checks, cancellationToken);
        var status = report.Ok ? 200 : 503;
        var response = HealthJson.IsAccepted(request.Accept)
            ? new HealthzResponse(status, HealthJson.MediaType, HealthJson.Write(report))
            : HealthzResponse.Json(status, ReportJson.Write(report));
        return response
            .With("Vary", "Accept")
            .With("Age", ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture))
            .With("Server-Timing", ServerTiming(report));
    }

    /// <remarks>The slowest target of each check, so that the header stays short with any number of targets.</remarks>
    private static string ServerTiming(RunReport report) => string.Join(
        ", ",
        report.Results
            .GroupBy(result => result.Check)
            .Select(results => string.Create(
                CultureInfo.InvariantCulture,
                $"{results.Key.Token()};dur={results.Max(result => result.Duration).TotalMilliseconds:0.0}")));
}
