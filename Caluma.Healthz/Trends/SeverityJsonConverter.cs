using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>A severity as its name.</summary>
internal sealed class SeverityJsonConverter : JsonConverter<Severity>
{
    public override Severity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() switch
    {
        "critical" => Severity.Critical,
        "warning" => Severity.Warning,
        _ => throw new JsonException("There is no such severity."),
    };

    public override void Write(Utf8JsonWriter writer, Severity value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name());
}
