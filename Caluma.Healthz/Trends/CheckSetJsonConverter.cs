using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>Reads and writes checks as an array of their keys in the report.</summary>
internal sealed class CheckSetJsonConverter : JsonConverter<CheckSet>
{
    public override CheckSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("Checks must be an array of their names.");
        }

        var names = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            names.Add(reader.GetString() ?? "");
        }

        return CheckSet.Named(names);
    }

    public override void Write(Utf8JsonWriter writer, CheckSet value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var check in value.Members)
        {
            writer.WriteStringValue(check.Key());
        }

        writer.WriteEndArray();
    }
}
