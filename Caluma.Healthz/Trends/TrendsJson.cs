using System.Text.Json;
using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>The JSON of the state and of trends.</summary>
/// <remarks>Lists are required members, as in <see cref="HistoryJson"/>.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(UtcJsonConverter), typeof(NameJsonConverter<Check>), typeof(ReasonJsonConverter), typeof(NameJsonConverter<AlertRule>),
        typeof(NameJsonConverter<Severity>), typeof(NameJsonConverter<IncidentEvent>), typeof(CheckSetJsonConverter),
    ])]
[JsonSerializable(typeof(TrendState))]
[JsonSerializable(typeof(LatestRun))]
[JsonSerializable(typeof(TrendReport))]
internal sealed partial class TrendsJson : JsonSerializerContext;
