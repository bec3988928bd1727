using System.Text.Json;
using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Formats a predicted deployment for review: resources by type and name, texts as lines.</summary>
internal static class ApprovedDeployment
{
    /// <summary>The resources of a deployment by type and name, and its outputs. The order of the compiler varies.</summary>
    public static JsonObject Of(Deployment deployment)
    {
        var resources = new JsonObject();
        foreach (var resource in deployment.Resources.OrderBy(Key, StringComparer.Ordinal))
        {
            var readable = Readable(resource)!.AsObject();
            readable.Remove("id"); // The id repeats type and name.
            resources[Key(resource)] = readable;
        }

        var outputs = deployment.Outputs.OrderBy(output => output.Key, StringComparer.Ordinal)
            .Select(output => KeyValuePair.Create(output.Key, Readable(output.Value)));
        return new JsonObject { ["resources"] = resources, ["outputs"] = new JsonObject(outputs) };
    }

    /// <summary>The differences of two deployments: added, removed and changed values.</summary>
    public static JsonObject Differences(JsonObject one, JsonObject other)
    {
        var (before, after) = (one["resources"]!.AsObject(), other["resources"]!.AsObject());
        return new JsonObject
        {
            ["removed"] = new JsonArray(
                [.. before.Where(resource => !after.ContainsKey(resource.Key)).Select(resource => (JsonNode)resource.Key)]),
            ["changed"] = new JsonObject(
                from resource in after
                where before.ContainsKey(resource.Key) && !JsonNode.DeepEquals(before[resource.Key], resource.Value)
                select KeyValuePair.Create(resource.Key, (JsonNode?)new JsonObject(Changes(before[resource.Key], resource.Value, "")))),
            ["added"] = new JsonObject(
                from resource in after
                where !before.ContainsKey(resource.Key)
                select KeyValuePair.Create(resource.Key, resource.Value?.DeepClone())),
            ["outputs"] = new JsonObject(Changes(one["outputs"], other["outputs"], "")),
        };
    }

    private static string Key(JsonObject resource) => $"{resource["type"]} {resource["name"]}";

    /// <summary>The paths of the differences with their values; null for removed ones.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Changes(JsonNode? before, JsonNode? after, string path)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return [];
        }

        return before is JsonObject old && after is JsonObject now
            ? old.Concat(now).Select(property => property.Key).Distinct()
                .SelectMany(name => Changes(old[name], now[name], path.Length == 0 ? name : $"{path}.{name}"))
            : [KeyValuePair.Create(path, after?.DeepClone())];
    }

    private static JsonNode? Readable(JsonNode? node) => node switch
    {
        JsonObject some => new JsonObject(some.Select(property => KeyValuePair.Create(property.Key, Readable(property.Value)))),
        JsonArray some => new JsonArray([.. some.Select(Readable)]),
        JsonValue some when some.TryGetValue<string>(out var text) => Readable(text),
        _ => node?.DeepClone(),
    };

    /// <summary>A text of several lines becomes a list, and JSON in a text becomes JSON.</summary>
    private static JsonNode? Readable(string text) => text switch
    {
        ['{', .., '}'] when Parse(text) is { } json => Readable(json),
        _ when text.TrimEnd('\n')
            .Contains('\n', StringComparison.Ordinal) => new JsonArray([.. text.TrimEnd('\n').Split('\n').Select(line => (JsonNode)line)]),
        _ => text,
    };

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
