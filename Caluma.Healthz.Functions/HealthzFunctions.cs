using System.Net;
using Caluma.Healthz.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Routes = Caluma.Healthz.Http.HealthzRoutes;

namespace Caluma.Healthz.Functions;

/// <summary>The Azure front door: the Functions host checks the key, <see cref="HealthzSurface"/> does the rest.</summary>
/// <remarks>A test holds the attributes against the table in <see cref="HealthzRoutes"/>.</remarks>
public sealed class HealthzFunctions(HealthzSurface surface)
{
    [Function("healthz")]
    public Task<HttpResponseData> ReportAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = Routes.Report)] HttpRequestData request) => AnswerAsync(request);

    [Function("healthz-bare")]
    public Task<HttpResponseData> BareAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = Routes.Bare)] HttpRequestData request) => AnswerAsync(request);

    [Function("healthz-ping")]
    public Task<HttpResponseData> PingAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Ping)] HttpRequestData request) => AnswerAsync(request);

    [Function("healthz-trend")]
    public Task<HttpResponseData> TrendAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.Trend)] HttpRequestData request) => AnswerAsync(request);

    [Function("healthz-history")]
    public Task<HttpResponseData> HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.History)] HttpRequestData request) => AnswerAsync(request);

    [Function("healthz-dashboard")]
    public Task<HttpResponseData> DashboardAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.Dashboard)] HttpRequestData request) => AnswerAsync(request);

    [Function("healthz-incidents")]
    public Task<HttpResponseData> IncidentsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.Incidents)] HttpRequestData request) => AnswerAsync(request);

    [Function("healthz-badge")]
    public Task<HttpResponseData> BadgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.Badge)] HttpRequestData request) => AnswerAsync(request);

    /// <remarks>
    /// An invocation goes on after its caller has left: the host drops logs of a run after the invocation that started it, and reports a
    /// cancelled invocation as failed, with three errors.
    /// </remarks>
    private async Task<HttpResponseData> AnswerAsync(HttpRequestData request)
    {
        var accept = request.Headers.TryGetValues("Accept", out var ranges) ? string.Join(',', ranges) : "";
        var answer = await surface.AnswerAsync(
            new(request.Method, request.Url.AbsolutePath, request.Url.Query, accept), CancellationToken.None);

        var response = request.CreateResponse((HttpStatusCode)answer.StatusCode);
        response.Headers.Add("Content-Type", answer.ContentType);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.Add(name, value);
        }

        await response.Body.WriteAsync(answer.Body);
        return response;
    }
}
