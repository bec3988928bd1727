using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>A check as its key in the report, such as <c>database models</c>.</summary>
internal sealed class CheckJsonConverter : JsonConverter<Check>
{
    public override Check Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        CheckNames.Find(reader.GetString() ?? "") ?? throw new JsonException("There is no such check.");

    public override void Write(Utf8JsonWriter writer, Check value, JsonSerializerOptions options) => writer.WriteStringValue(value.Key());
}
