namespace Caluma.Healthz.Trends;

/// <summary>What can become of an incident.</summary>
internal enum IncidentEvent
{
    /// <summary>It was opened: somebody is to look at it.</summary>
    Opened,

    /// <summary>Another check has joined, or it is open again.</summary>
    Updated,

    /// <summary>It is over.</summary>
    Resolved,
}
