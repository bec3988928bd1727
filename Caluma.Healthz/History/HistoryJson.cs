using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>How records and rollups are written.</summary>
/// <remarks>
/// Their lists are required: one that is missing would be null whatever it is initialized with, because it is set in any case.
/// </remarks>
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
