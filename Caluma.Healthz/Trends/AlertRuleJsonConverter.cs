using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>A rule as its name, such as <c>burn-fast</c>.</summary>
internal sealed class AlertRuleJsonConverter : JsonConverter<AlertRule>
{
    public override AlertRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        AlertRuleNames.Find(reader.GetString() ?? "") ?? throw new JsonException("There is no such rule.");

    public override void Write(Utf8JsonWriter writer, AlertRule value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name());

    public override AlertRule ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, AlertRule value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Name());
}
