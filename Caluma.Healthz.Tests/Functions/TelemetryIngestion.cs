using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.Infra;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>
/// Application Insights as an exporter sees it: an address that takes envelopes. What it was sent is there as rows of a workspace:
/// https://learn.microsoft.com/azure/azure-monitor/reference/tables/apptraces.
/// </summary>
internal sealed class TelemetryIngestion : WebServer
{
    private static readonly string[] _levels = ["Verbose", "Information", "Warning", "Error", "Critical"];

    private readonly ConcurrentQueue<JsonNode> _envelopes = [];

    private readonly ConcurrentQueue<string> _authorizations = [];

    private TelemetryIngestion(X509Certificate2? certificate)
        : base(certificate) => Routes.MapPost("/{**path}", TakeAsync);

    /// <summary>The instrumentation key. Each has its own, for an exporter keeps on the disk what it could not send, by this key.</summary>
    public string Key { get; } = $"{Guid.NewGuid()}";

    /// <summary>What a deployment has in APPLICATIONINSIGHTS_CONNECTION_STRING.</summary>
    public string ConnectionString => ConnectionStringOf(Address);

    /// <summary>All that it was sent.</summary>
    public IReadOnlyList<JsonNode> Envelopes => [.. _envelopes];

    /// <summary>The names of the senders: AppRoleName in each table.</summary>
    public IReadOnlyList<string?> Roles => [.. _envelopes.Select(envelope => (string?)envelope["tags"]?["ai.cloud.role"]).Distinct()];

    /// <summary>The messages of the log.</summary>
    public IReadOnlyList<string> Messages => [.. Of("MessageData").Select(envelope => (string)Data(envelope)["message"]!)];

    /// <summary>The metrics.</summary>
    public IReadOnlyList<ExportedMetric> Metrics =>
    [
        .. from envelope in Of("MetricData")
           from metric in Data(envelope)["metrics"]!.AsArray()
           select new ExportedMetric(
               DateTimeOffset.Parse((string)envelope["time"]!, CultureInfo.InvariantCulture),
               (string)metric["name"]!,
               (double)metric["value"]!,
               (int?)metric["count"] ?? 1,
               Data(envelope)["properties"]?.AsObject() ?? []),
    ];

    /// <summary>The tables of the workspace.</summary>
    public JsonObject Tables => new()
    {
        ["AppTraces"] = new JsonArray([.. Of("MessageData").Select(envelope => Row(envelope, new()
        {
            ["Message"] = Data(envelope)["message"]!.DeepClone(),
            ["SeverityLevel"] = LevelOf(envelope),
            ["Properties"] = Data(envelope)["properties"]?.DeepClone(),
        }))]),
        ["AppExceptions"] = new JsonArray([.. Of("ExceptionData").Select(envelope => Row(envelope, new()
        {
            ["InnermostType"] = Data(envelope)["exceptions"]!.AsArray()[^1]!["typeName"]!.DeepClone(),
            ["SeverityLevel"] = LevelOf(envelope),
            ["Properties"] = Data(envelope)["properties"]?.DeepClone(),
        }))]),
        ["AppAvailabilityResults"] = new JsonArray(),
    };

    /// <summary>How its senders proved who they are, each way once.</summary>
    public IReadOnlyList<string> Authorizations => [.. _authorizations.Distinct()];

    /// <param name="certificate">Its certificate; null for a server without TLS.</param>
    public static Task<TelemetryIngestion> StartAsync(X509Certificate2? certificate = null) =>
        StartAsync(new TelemetryIngestion(certificate));

    /// <summary>A connection string with this key and another address.</summary>
    public string ConnectionStringOf(string address) =>
        $"InstrumentationKey={Key};IngestionEndpoint={address}/;LiveEndpoint={address}/";

    private static JsonNode Data(JsonNode envelope) => envelope["data"]!["baseData"]!;

    private static int LevelOf(JsonNode envelope) => Array.IndexOf(_levels, (string?)Data(envelope)["severityLevel"] ?? "Information");

    private static JsonObject Row(JsonNode envelope, JsonObject row)
    {
        row["TimeGenerated"] = envelope["time"]!.DeepClone();
        row["_ResourceId"] = LogTables.Component;
        row["OperationId"] = envelope["tags"]?["ai.operation.id"]?.DeepClone();
        row["OperationName"] = envelope["tags"]?["ai.operation.name"]?.DeepClone();
        return row;
    }

    private IEnumerable<JsonNode> Of(string type) => _envelopes.Where(envelope => (string?)envelope["data"]?["baseType"] == type);

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        _authorizations.Enqueue(request.Headers.Authorization.ToString());
        Stream body = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        using var reader = new StreamReader(body);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines)
        {
            _envelopes.Enqueue(JsonNode.Parse(line)!);
        }

        return Results.Json(new { itemsReceived = lines.Length, itemsAccepted = lines.Length, errors = Array.Empty<string>() });
    }
}
