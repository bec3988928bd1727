using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>Reads and writes times as <c>2026-11-22T12:00:00Z</c>, with fractions of a second where they have any.</summary>
internal sealed class UtcJsonConverter : JsonConverter<DateTimeOffset>
{
    private const int MinYear = 1970;
    private const int MaxYear = 9000;

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <exception cref="JsonException">The time is so far away that what is before or after it may be no time at all.</exception>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var time = reader.GetDateTimeOffset().ToUniversalTime();
        return time == default || time.Year is >= MinYear and <= MaxYear ? time
            : throw new JsonException($"A time must be of a year from {MinYear} to {MaxYear}.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));
}
