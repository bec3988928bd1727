using System.Globalization;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Http;

/// <summary>All routes behind the key check, the same for every front door.</summary>
public sealed class HealthzSurface
{
    private readonly HealthzConfiguration _configuration;
    private readonly SharedRuns _runs;
    private readonly HistoryHandlers? _history;
    private readonly ILogger _logger;

    /// <summary>What was answered last: whoever shares its report in the same second gets the same answer.</summary>
    private volatile Answered? _last;

    internal HealthzSurface(HealthzConfiguration configuration, SharedRuns runs, HistoryHandlers? history, ILogger<HealthzSurface> logger)
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
            // A front door would log the exception's message, which may hold a secret.
            ExceptionLog.Write(_logger, exception, Reason.Unknown, "answering a request");
            response = HealthzResponse.Text(500) with { Problem = "The answer cannot be made, by a fault of the probe itself" };
        }

        response = ForPerson(request, response);
        return request.Method == "HEAD" ? response with { Body = default } : response;
    }

    /// <summary>
    /// The answer to who asks for the report while that of a run is fresh, which is most who ask a busy probe: it takes no task, and no
    /// token that tells of a caller who leaves.
    /// </summary>
    /// <returns>Null where the answer has to be made: see <see cref="AnswerAsync"/>.</returns>
    internal HealthzResponse? AnswerAtOnce(HealthzRequest request)
    {
        try
        {
            return request is { Method: "GET", Query.Length: 0 }
                && _configuration is { Problems.Count: 0, Options: { Enabled: true, Checks: { IsEmpty: false } checks } }
                && HealthzRoutes.Find(request.Path)?.Path == HealthzRoutes.Report
                && _runs.Find(checks) is { } fresh
                    ? AnswerOf(fresh, request.Accept)
                    : null;
        }
        catch (Exception)
        {
            // AnswerAsync fails in the same way, and knows how to say so.
            return null;
        }
    }

    private async Task<HealthzResponse> RouteAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        if (!_configuration.Options.Enabled)
        {
            return HealthzResponse.Text(404);
        }

        if (HealthzRoutes.Find(request.Path) is not { } route)
        {
            return HealthzResponse.Text(404) with { Problem = "There is no such page" };
        }

        if (!route.Methods.Contains(request.Method))
        {
            return HealthzResponse.Text(405).With("Allow", string.Join(", ", route.Methods));
        }

        return await route.Handler(this, request, cancellationToken);
    }

    internal async Task<HealthzResponse> BareAsync(HealthzRequest request, CancellationToken cancellationToken) =>
        (await ReportAsync(request, cancellationToken)).WithoutBody();

    internal async Task<HealthzResponse> FromHistoryAsync(
        Func<HistoryHandlers, HealthzRequest, CancellationToken, Task<HealthzResponse>> handler,
        HealthzRequest request,
        CancellationToken cancellationToken) =>
        RefuseIfInvalid() is { } refusal
            ? refusal with { Problem = "The configuration is invalid: caluma-healthz config and the log of the probe list what is wrong" }
            : _history is null
                ? HealthzResponse.Refusal(404, HistoryOptions.NotRecorded)
                : await _history.AnswerAsync(handler, request, cancellationToken);

    internal async Task<HealthzResponse> ReportAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        if (RefuseIfInvalid() is { } refusal)
        {
            return refusal;
        }

        if (CheckFilter.Parse(request.Query, out var problem) is not { } filter)
        {
            return HealthzResponse.Refusal(400, problem);
        }

        var checks = filter.Apply(_configuration.Options.Checks);
        if (checks.IsEmpty)
        {
            return HealthzResponse.Refusal(404, "No checks found");
        }

        return AnswerOf(await _runs.GetAsync(checks, cancellationToken), request.Accept);
    }

    private HealthzResponse AnswerOf(SharedReport shared, string accept)
    {
        var (report, age) = shared;
        var (isForHealthTools, seconds) = (AcceptHeader.Names(accept, HealthJson.MediaType), (long)age.TotalSeconds);
        if (_last is { } last && ReferenceEquals(last.Report, report) && (last.IsForHealthTools, last.Age) == (isForHealthTools, seconds))
        {
            return last.Response;
        }

        var response = Answer(report, isForHealthTools, seconds);
        _last = new Answered(report, isForHealthTools, seconds, response);
        return response;
    }

    private static HealthzResponse Answer(RunReport report, bool isForHealthTools, long age)
    {
        var status = report.Ok ? 200 : 503;
        var response = isForHealthTools
            ? new HealthzResponse(status, HealthJson.MediaType, HealthJson.Write(report))
            : HealthzResponse.Json(status, ReportJson.Write(report));
        return response
            .With("Vary", "Accept")
            .With("Age", age.ToString(CultureInfo.InvariantCulture))
            .With("Server-Timing", ServerTiming(report));
    }

    /// <summary>Explains an error to a person with an HTML page, and to a program with a line or nothing. The status is the same.</summary>
    private HealthzResponse ForPerson(HealthzRequest request, HealthzResponse response)
    {
        if (response.Problem is not { } problem)
        {
            return response;
        }

        if (!AcceptHeader.PrefersPage(request.Accept))
        {
            return response.With("Vary", "Accept");
        }

        var query = PageQuery.Plain(request.Path, request.Query);
        var page = HealthzResponse.Page(
            response.StatusCode, ProblemPage.Render(response.StatusCode, problem, query, new PageEnvironment(_configuration)));
        page = page.With("Vary", "Accept");
        return response.StatusCode == 503 && !query.IsPaused ? page.With("Refresh", "60") : page;
    }

    /// <remarks>Logged with each request, because the Functions host drops logs outside of requests.</remarks>
    private HealthzResponse? RefuseIfInvalid()
    {
        if (_configuration.Problems.Count == 0)
        {
            return null;
        }

        ConfigurationLog.Write(_logger, _configuration);
        return HealthzResponse.Json(503, ReportJson.InvalidConfiguration());
    }

    /// <remarks>Only the slowest target of each check, so that the header stays short.</remarks>
    private static string ServerTiming(RunReport report) => string.Join(
        ", ",
        report.Results
            .GroupBy(result => result.Check)
            .Select(results => string.Create(
                CultureInfo.InvariantCulture,
                $"{results.Key.Token()};dur={results.Max(result => result.Duration).TotalMilliseconds:0.0}")));

    /// <param name="Report">The report.</param>
    /// <param name="IsForHealthTools">Whether it is in their format, and not in Caluma's.</param>
    /// <param name="Age">Of the report, in seconds.</param>
    /// <param name="Response">What was made of it.</param>
    private sealed record Answered(RunReport Report, bool IsForHealthTools, long Age, HealthzResponse Response);
}
