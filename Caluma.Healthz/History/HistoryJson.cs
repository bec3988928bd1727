using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>The JSON of records and rollups.</summary>
/// <remarks>Lists are required members: the source generator sets a missing one to null, whatever its initializer says.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(UtcJsonConverter), typeof(NameJsonConverter<Check>), typeof(ReasonJsonConverter)])]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(DayRollup))]
[JsonSerializable(typeof(SummaryDocument))]
internal sealed partial class HistoryJson : JsonSerializerContext;
