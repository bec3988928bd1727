using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>
/// Reads and writes a reason as its code, such as <c>read-only</c>. An unknown code, of a later version, reads as
/// <see cref="Reason.Unknown"/>.
/// </summary>
internal sealed class ReasonJsonConverter : JsonConverter<Reason>
{
    public override Reason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReasonNames.Find(reader.GetString() ?? "") ?? Reason.Unknown;

    public override void Write(Utf8JsonWriter writer, Reason value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code());

    public override Reason ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, Reason value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Code());
}
