using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Caluma.Healthz.Servers.Otlp;

/// <summary>A collector in this process that receives OTLP over HTTP and keeps it.</summary>
internal sealed class OtlpCollector : WebServer
{
    private readonly ConcurrentQueue<ResourceLogs> _logs = [];
    private readonly ConcurrentQueue<ResourceMetrics> _metrics = [];

    private OtlpCollector()
    {
        Routes.MapPost("/v1/logs", request => TakeAsync(request, body =>
            ExportLogsRequest.Parser.ParseFrom(body).ResourceLogs.ToList().ForEach(_logs.Enqueue)));
        Routes.MapPost("/v1/metrics", request => TakeAsync(request, body =>
            ExportMetricsRequest.Parser.ParseFrom(body).ResourceMetrics.ToList().ForEach(_metrics.Enqueue)));
    }

    /// <summary>The received log records.</summary>
    public IReadOnlyList<LogRecord> Logs =>
        [.. _logs.SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords)];

    /// <summary>The received metrics.</summary>
    public IReadOnlyList<Metric> Metrics =>
        [.. _metrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics)];

    /// <summary>The senders, by their <c>service.name</c>.</summary>
    public IReadOnlyList<string> Services =>
    [
        .. _logs.Select(logs => logs.Resource).Concat(_metrics.Select(metrics => metrics.Resource))
            .SelectMany(resource => resource.Attributes)
            .Where(attribute => attribute.Key == "service.name")
            .Select(attribute => attribute.Value.StringValue)
            .Distinct(),
    ];

    public static Task<OtlpCollector> StartAsync() => StartAsync(new OtlpCollector());

    private static async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        take(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }
}
