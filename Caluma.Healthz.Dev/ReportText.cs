using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Caluma.Healthz.Dev;

/// <summary>Formats a report for people: a line for each check and target.</summary>
internal static class ReportText
{
    // For a terminal, so without HTML escapes.
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="json">A report; other text is returned unchanged.</param>
    public static string Format(string json)
    {
        try
        {
            using var report = JsonDocument.Parse(json);
            return report.RootElement.ValueKind == JsonValueKind.Object ? Format(report.RootElement) : json;
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static string Format(JsonElement report)
    {
        var text = new StringBuilder("{\n");
        var separator = "";
        foreach (var check in report.EnumerateObject())
        {
            text.Append(separator).Append("  ").Append(Name(check)).Append(": ").Append(Value(check.Value));
            separator = ",\n";
        }

        return text.Append("\n}").ToString();
    }

    private static string Name(JsonProperty property) => JsonSerializer.Serialize(property.Name, _plain);

    private static string Property(JsonProperty property) => $"{Name(property)}: {Line(property.Value)}";

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[\n{string.Join(",\n", value.EnumerateArray().Select(target => $"    {Line(target)}"))}\n  ]",
        _ => Line(value),
    };

    private static string Line(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(", ", value.EnumerateObject().Select(Property))}}}",
        _ => value.GetRawText(),
    };
}
