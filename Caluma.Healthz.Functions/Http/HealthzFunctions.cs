using System.Net;
using Caluma.Healthz.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Caluma.Healthz.Functions.Http;

/// <summary>The Azure front door: the Functions host checks the key, <see cref="HealthzSurface"/> does the rest.</summary>
public sealed class HealthzFunctions(HealthzSurface surface)
{
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
            new HealthzRequest(request.Method, request.Url.AbsolutePath, request.Url.Query, accept), CancellationToken.None);

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
