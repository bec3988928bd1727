using System.Text.Json.Serialization;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Server.Commands;

/// <summary>The JSON of <see cref="ReplayReport"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(UtcJsonConverter), typeof(NameJsonConverter<Check>), typeof(ReasonJsonConverter), typeof(NameJsonConverter<AlertRule>),
        typeof(NameJsonConverter<Severity>), typeof(CheckSetJsonConverter),
    ])]
[JsonSerializable(typeof(ReplayReport))]
internal sealed partial class ReplayJson : JsonSerializerContext;
