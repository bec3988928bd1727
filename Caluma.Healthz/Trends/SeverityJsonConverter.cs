using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>A severity as its name. It is only written: what is read follows from the rule.</summary>
internal sealed class SeverityJsonConverter : JsonConverter<Severity>
{
    public override Severity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => default;

    public override void Write(Utf8JsonWriter writer, Severity value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());
}
