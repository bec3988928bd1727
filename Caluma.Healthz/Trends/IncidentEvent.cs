using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>The kinds of an incident's events.</summary>
internal enum IncidentEvent
{
    /// <summary>It was opened and needs somebody's attention.</summary>
    [JsonStringEnumMemberName("opened")]
    Opened,

    /// <summary>Another check has joined, or it is open again.</summary>
    [JsonStringEnumMemberName("updated")]
    Updated,

    /// <summary>It was resolved.</summary>
    [JsonStringEnumMemberName("resolved")]
    Resolved,
}
