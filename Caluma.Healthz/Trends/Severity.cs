using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>How urgent an alert is.</summary>
internal enum Severity
{
    /// <summary>Needs attention in working hours.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Needs attention now.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}
