using System.Text.Json;
using System.Text.Json.Serialization;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Notifications;

/// <summary>The JSON of notifications and deliveries.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(UtcJsonConverter), typeof(ReasonJsonConverter), typeof(NameJsonConverter<Severity>),
        typeof(NameJsonConverter<IncidentEvent>), typeof(CheckSetJsonConverter),
    ])]
[JsonSerializable(typeof(DeliveryDocument))]
[JsonSerializable(typeof(WebhookMessage))]
[JsonSerializable(typeof(List<AlertmanagerAlert>))]
internal sealed partial class NotificationsJson : JsonSerializerContext;
