using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>A histogram as its buckets in a row: index, count, index, count…</summary>
internal sealed class LatencyJsonConverter : JsonConverter<LatencyHistogram>
{
    public override LatencyHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var histogram = new LatencyHistogram();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            var index = reader.GetInt32();
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !histogram.TryAddBucket(index, reader.GetInt32()))
            {
                throw new JsonException("This is no histogram.");
            }
        }

        return histogram;
    }

    public override void Write(Utf8JsonWriter writer, LatencyHistogram value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var (index, count) in value.Buckets)
        {
            writer.WriteNumberValue(index);
            writer.WriteNumberValue(count);
        }

        writer.WriteEndArray();
    }
}
