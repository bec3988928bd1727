using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>Writes a histogram as a flat array of its buckets: index, count, index, count…</summary>
internal sealed class LatencyJsonConverter : JsonConverter<LatencyHistogram>
{
    public override LatencyHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var histogram = new LatencyHistogram();
        var isOne = reader.TokenType == JsonTokenType.StartArray;
        while (isOne && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            isOne = reader.TryGetInt32(out var index) && reader.Read()
                && reader.TryGetInt32(out var count) && histogram.TryAddBucket(index, count);
        }

        return isOne ? histogram : throw new JsonException("A histogram must be an array of pairs: a bucket and its count.");
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
