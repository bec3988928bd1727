using System.Globalization;
using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Reads values in JSON by their path, such as <c>properties.rules.0.name</c>; a missing value fails the test.</summary>
internal static class JsonNodeExtensions
{
    public static string Text(this JsonNode? node, string path) => node.At(path)!.GetValue<string>();

    public static int Number(this JsonNode? node, string path) => node.At(path)!.GetValue<int>();

    public static bool Flag(this JsonNode? node, string path) => node.At(path)!.GetValue<bool>();

    public static IEnumerable<JsonNode> Items(this JsonNode? node, string path) => node.At(path)!.AsArray().Select(item => item!);

    /// <summary>Any value; null where it is missing.</summary>
    public static JsonNode? At(this JsonNode? node, string path) => path.Split('.').Aggregate(
        node, (at, name) => at is JsonArray items ? items[int.Parse(name, CultureInfo.InvariantCulture)] : at?[name]);
}
