using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>What can become of an incident.</summary>
internal enum IncidentEvent
{
    /// <summary>It was opened: somebody is to look at it.</summary>
    [JsonStringEnumMemberName("opened")]
    Opened,

    /// <summary>Another check has joined, or it is open again.</summary>
    [JsonStringEnumMemberName("updated")]
    Updated,

    /// <summary>It is over.</summary>
    [JsonStringEnumMemberName("resolved")]
    Resolved,
}
