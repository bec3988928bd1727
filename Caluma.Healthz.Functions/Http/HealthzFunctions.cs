using System.Net;
using Caluma.Healthz.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Caluma.Healthz.Functions.Http;

/// <summary>The Azure front door: the Functions host checks the key, <see cref="HealthzSurface"/> does the rest.</summary>
public sealed class HealthzFunctions(HealthzSurface surface)
{
    /// <summary>
    /// The worker holds a body whole, several times over, and the host too: 30 MB took 130 MB of the worker, and 40 such answers in a row
    /// 800 MB. An instance has 512 MB.
    /// </summary>
    private const long MostBytes = 10_000_000;

    /// <summary>The report.</summary>
    [Function("healthz")]
    public Task<HttpResponseData> ReportAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = HealthzRoutes.Report)] HttpRequestData request) =>
        AnswerAsync(request);

    /// <summary>The verdict as a status alone.</summary>
    [Function("healthz-bare")]
    public Task<HttpResponseData> BareAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = HealthzRoutes.Bare)] HttpRequestData request) =>
        AnswerAsync(request);

    /// <summary>What can be said of the history.</summary>
    [Function("healthz-trend")]
    public Task<HttpResponseData> TrendAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = HealthzRoutes.Trend)] HttpRequestData request) =>
        AnswerAsync(request);

    /// <summary>The history.</summary>
    [Function("healthz-history")]
    public Task<HttpResponseData> HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = HealthzRoutes.History)] HttpRequestData request) =>
        AnswerAsync(request);

    /// <summary>A page for people.</summary>
    [Function("healthz-dashboard")]
    public Task<HttpResponseData> DashboardAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = HealthzRoutes.Dashboard)] HttpRequestData request) =>
        AnswerAsync(request);

    /// <summary>A picture for READMEs and wikis.</summary>
    [Function("healthz-badge")]
    public Task<HttpResponseData> BadgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = HealthzRoutes.Badge)] HttpRequestData request) =>
        AnswerAsync(request);

    /// <summary>Whether the probe itself is there.</summary>
    [Function("healthz-ping")]
    public Task<HttpResponseData> PingAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = HealthzRoutes.Ping)] HttpRequestData request) =>
        AnswerAsync(request);

    /// <remarks>
    /// It stays to the end even where the caller leaves: the host drops what is logged after the invocation that started a run,
    /// for callers who share that run too, and reports an invocation that was cancelled as failed, with three errors.
    /// </remarks>
    private async Task<HttpResponseData> AnswerAsync(HttpRequestData request)
    {
        var accept = request.Headers.TryGetValues("Accept", out var ranges) ? string.Join(',', ranges) : "";
        var answer = await surface.AnswerAsync(
            new HealthzRequest(request.Method, request.Url.AbsolutePath, request.Url.Query, accept) { MostBytes = MostBytes }, CancellationToken.None);

        var response = request.CreateResponse((HttpStatusCode)answer.StatusCode);
        response.Headers.Add("Content-Type", answer.ContentType);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.Add(name, value);
        }

        try
        {
            await (answer.Stream?.Invoke(response.Body, CancellationToken.None) ?? response.Body.WriteAsync(answer.Body).AsTask());
        }
        catch (Exception) when (answer.Stream is not null)
        {
            // Nothing is sent yet: the host gets the body as a whole.
            return request.CreateResponse(HttpStatusCode.ServiceUnavailable);
        }

        return response;
    }
}
