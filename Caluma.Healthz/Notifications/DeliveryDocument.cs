using System.Text.Json.Serialization;

namespace Caluma.Healthz.Notifications;

/// <summary><c>notifications/state.json</c>: the deliveries, so that no other process repeats them.</summary>
internal sealed class DeliveryDocument
{
    /// <summary>The path of the document.</summary>
    public const string BlobName = "notifications/state.json";

    /// <summary>The version of the format.</summary>
    public int V { get; init; } = 1;

    /// <summary>The deliveries of recent events, one for each channel and event.</summary>
    [JsonRequired]
    public List<Delivery> Deliveries { get; init; } = [];
}
