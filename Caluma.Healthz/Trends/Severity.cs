using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>How urgent an alert is.</summary>
internal enum Severity
{
    /// <summary>Look at it in working hours.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Look at it now.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}
