using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Caluma.Healthz.Tests.Http;

/// <summary>
/// A schema of <c>docs/schemas</c>, and stricter than it is for readers: they must let members pass that later versions may add, but what
/// an answer has today must be in it.
/// </summary>
internal sealed class JsonContract
{
    private static readonly EvaluationOptions _options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonSchema _schema;

    private JsonContract(JsonNode schema) => _schema = JsonSchema.FromText(Closed(schema)!.ToJsonString());

    /// <summary>The folder of the schemas.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "docs", "schemas");

    /// <param name="name">Such as <c>report</c>.</param>
    public static JsonContract Of(string name) =>
        new(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.schema.json")))!);

    /// <summary>A schema that stands elsewhere.</summary>
    public static JsonContract Of(JsonNode schema) => new(schema);

    /// <summary>What of an answer is not as the schema has it.</summary>
    public IReadOnlyList<string> Problems(string json)
    {
        using var document = JsonDocument.Parse(json);
        var result = _schema.Evaluate(document.RootElement, _options);
        return result.IsValid
            ? []
            :
            [
                .. from detail in result.Details ?? []
                   from error in detail.Errors ?? new Dictionary<string, string>()
                   select $"{detail.InstanceLocation}: {error.Value}",
                "It is not valid.",
            ];
    }

    private static JsonNode? Closed(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject schema:
                var closed = new JsonObject(schema.Select(member => KeyValuePair.Create(member.Key, Closed(member.Value))));
                if (schema["properties"] is JsonObject && !schema.ContainsKey("additionalProperties"))
                {
                    closed["additionalProperties"] = false;
                }

                return closed;
            case JsonArray items:
                return new JsonArray([.. items.Select(Closed)]);
            default:
                return node?.DeepClone();
        }
    }
}
