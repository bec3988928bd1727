using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>What has become of an incident as its name.</summary>
internal sealed class IncidentEventJsonConverter : JsonConverter<IncidentEvent>
{
    public override IncidentEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() switch
        {
            "opened" => IncidentEvent.Opened,
            "updated" => IncidentEvent.Updated,
            "resolved" => IncidentEvent.Resolved,
            _ => throw new JsonException("There is no such event."),
        };

    public override void Write(Utf8JsonWriter writer, IncidentEvent value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name());
}
