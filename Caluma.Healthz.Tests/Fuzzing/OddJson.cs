using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>
/// A document in which one value is odd: each value in turn, and each odd one in its place. That is what chance seldom makes of JSON: of a
/// document with a changed byte most is none.
/// </summary>
internal static class OddJson
{
    private static readonly string[] _values =
    [
        "null", "-1", "2147483647", "9223372036854775807", "\"\"", "\"x\"",
        "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59Z\"", "[]", "[null]", "{\"x\":null}",
    ];

    /// <summary>All documents of that kind.</summary>
    /// <param name="document">The document. Of each array the first and the last element are changed.</param>
    public static IEnumerable<string> Of(string document)
    {
        foreach (var path in Paths(JsonNode.Parse(document)!, []))
        {
            foreach (var value in _values)
            {
                yield return With(document, path, node => node.ReplaceWith(JsonNode.Parse(value)));
            }

            yield return With(document, path, Remove);
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path)
    {
        IEnumerable<(object Step, JsonNode? Child)> children = node switch
        {
            JsonObject some => some.Select(pair => ((object)pair.Key, pair.Value)),
            JsonArray { Count: > 0 } some => new[] { 0, some.Count - 1 }.Distinct().Select(at => ((object)at, some[at])),
            _ => [],
        };
        return children.Where(child => child.Child is not null)
            .SelectMany(child => Paths(child.Child!, [.. path, child.Step]).Prepend([.. path, child.Step]));
    }

    private static string With(string document, object[] path, Action<JsonNode> change)
    {
        var root = JsonNode.Parse(document)!;
        change(path.Aggregate(root, (node, step) => (step is int at ? node[at] : node[(string)step])!));
        return root.ToJsonString();
    }

    private static void Remove(JsonNode node)
    {
        if (node.Parent is JsonObject some)
        {
            some.Remove(node.GetPropertyName());
        }
        else
        {
            node.Parent!.AsArray().Remove(node);
        }
    }
}
