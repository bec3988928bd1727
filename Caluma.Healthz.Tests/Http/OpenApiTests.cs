using System.Text;
using System.Text.Json.Nodes;
using Caluma.Healthz.Checks;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.Trends;
using Microsoft.OpenApi;

namespace Caluma.Healthz.Tests.Http;

/// <summary>docs/openapi.json says of each route what it takes, asks for and answers.</summary>
public sealed class OpenApiTests
{
    private static readonly JsonNode _document =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "openapi.json")))!;

    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_valid()
    {
        // The reader cannot resolve an address within a folder; the schemas have tests of their own.
        var read = OpenApiDocument.Parse(
            _document.ToJsonString().Replace("\"$ref\":\"schemas/", "\"description\":\"schemas/", StringComparison.Ordinal), "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => $"{warning.Pointer}: {warning.Message}"));
    }

    [Fact]
    public void It_has_each_route_with_its_methods_and_whether_it_needs_a_key() =>
        Assert.Equal(
            from route in HealthzRoutes.All
            from method in route.Methods
            orderby route.Path, method
            select (Path: $"/{route.Path}", Method: method, route.NeedsKey),
            from path in _document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            orderby path.Key, operation.Key
            select (path.Key, operation.Key.ToUpperInvariant(), operation.Value!["security"]!.AsArray().Count > 0));

    [Fact]
    public void What_it_refers_to_is_there()
    {
        foreach (var reference in References(_document))
        {
            Assert.True(
                reference.StartsWith("schemas/", StringComparison.Ordinal)
                    ? File.Exists(Path.Combine(Repository.Root, "docs", reference))
                    : Find(reference) is not null,
                reference);
        }
    }

    [Theory]
    [InlineData("/healthz", "", "", 503)]
    [InlineData("/healthz", "?check=caches", "", 200)]
    [InlineData("/healthz", "?check=databases", "application/health+json", 503)]
    [InlineData("/healthz", "?check=nothing", "", 404)]
    [InlineData("/healthz/bare", "", "", 503)]
    [InlineData("/healthz/bare", "?check=caches", "", 200)]
    [InlineData("/healthz/ping", "", "", 200)]
    [InlineData("/healthz/trend", "", "", 404)]
    [InlineData("/healthz/dashboard", "", "", 404)]
    [InlineData("/healthz/trend", "", "", 405, "POST")]
    public async Task An_answer_is_as_it_says(string path, string query, string accept, int status, string method = "GET")
    {
        await using var probe = new AnsweringProbe(
            new CheckResult(Check.Caches, "default", TimeSpan.Zero, null),
            new CheckResult(Check.Databases, "default", TimeSpan.Zero, Reason.Dns));

        AssertDescribed(path, status, await probe.AnswerAsync(path, query, accept, method));
    }

    [Fact]
    public async Task A_query_that_is_too_long_is_refused_as_it_says()
    {
        await using var probe = new AnsweringProbe();

        AssertDescribed("/healthz", 400, await probe.AnswerAsync("/healthz", $"?check={new string('x', 3000)}"));
    }

    [Theory]
    [InlineData("/healthz/trend", "?days=7", 200)]
    [InlineData("/healthz/trend", "?days=0", 400)]
    [InlineData("/healthz/history", "?format=jsonl&only=failing", 200)]
    [InlineData("/healthz/history", "?format=csv", 200)]
    [InlineData("/healthz/history", "?format=xml", 400)]
    [InlineData("/healthz/dashboard", "?scale=auto&tz=Europe/Zurich&refresh=off&days=7", 200)]
    [InlineData("/healthz/dashboard", "?days=8", 400)]
    [InlineData("/healthz/incidents", "", 200)]
    [InlineData("/healthz/incidents", "?id=none", 404)]
    [InlineData("/healthz/badge.svg", "", 200)]
    public async Task An_answer_from_the_history_is_as_it_says(string path, string query, int status)
    {
        await using var history = WrittenHistory.Create(_now.AddSeconds(5));
        await history.WriteAsync(history.Run(
            _now.AddHours(-3), _now, _ => [new CheckRecord(Check.Databases, "default", Ok: false, 3, Reason.Auth)]));

        AssertDescribed(path, status, await history.AnswerAsync(path, query));
    }

    private static void AssertDescribed(string path, int status, HealthzResponse answer)
    {
        Assert.Equal(status, answer.StatusCode);
        var described = Resolved(_document["paths"]![path]!["get"]!["responses"]![$"{status}"]!);
        var headers = described["headers"]?.AsObject().Select(header => header.Key).ToList() ?? [];
        Assert.All(answer.Headers, header => Assert.True(headers.Contains(header.Key) || IsEverywhere(header.Key), header.Key));
        if (answer.Body.IsEmpty)
        {
            return;
        }

        var mediaType = answer.ContentType.Split(';')[0];
        Assert.True(described["content"]?[mediaType] is not null, $"{status} with {mediaType} is not described.");
        if (mediaType.EndsWith("json", StringComparison.Ordinal) && mediaType != "application/x-ndjson")
        {
            var body = Encoding.UTF8.GetString(answer.Body.Span);
            var schema = Resolved(described["content"]![mediaType]!["schema"]!);
            IEnumerable<JsonNode> choices = schema["anyOf"]?.AsArray().Select(choice => Resolved(choice!)) ?? [schema];
            Assert.Contains(choices, choice => JsonContract.Of(choice).Problems(body).Count == 0);
        }
    }

    /// <remarks>What says how to cache and to show an answer, and means nothing to a program.</remarks>
    private static bool IsEverywhere(string header) =>
        header is "Vary" or "Allow" or "Content-Security-Policy" or "Referrer-Policy" or "Cache-Control" or "X-Content-Type-Options";

    private static JsonNode Resolved(JsonNode node) => (string?)(node as JsonObject)?["$ref"] is { } reference
        ? reference.StartsWith("schemas/", StringComparison.Ordinal)
            ? JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", reference)))!
            : Find(reference)!
        : node;

    private static JsonNode? Find(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)_document, (node, name) => node?[name]);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(
            member => member is { Key: "$ref", Value: { } value } ? [$"{value}"] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
