namespace Caluma.Healthz.Trends;

/// <summary>How urgent an alert is.</summary>
internal enum Severity
{
    /// <summary>Look at it in working hours.</summary>
    Warning,

    /// <summary>Look at it now.</summary>
    Critical,
}
