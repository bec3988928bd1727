using System.Text.Json.Serialization;

namespace Caluma.Healthz.Notifications;

/// <summary>
/// <c>notifications/state.json</c>: what was told, so that a process that starts, and another beside it, tells nothing twice.
/// </summary>
internal sealed class DeliveryDocument
{
    /// <summary>Where it is kept.</summary>
    public const string BlobName = "notifications/state.json";

    /// <summary>The version of the format.</summary>
    public int V { get; init; } = 1;

    /// <summary>One for each channel and each thing that has become of an incident lately.</summary>
    [JsonRequired]
    public List<Delivery> Deliveries { get; init; } = [];
}
