namespace Caluma.Healthz.Trends;

/// <summary>The names of an incident's events in logs, answers and notifications.</summary>
internal static class IncidentEventNames
{
    /// <summary><c>opened</c>, <c>updated</c> or <c>resolved</c>.</summary>
    public static string Name(this IncidentEvent change) => change switch
    {
        IncidentEvent.Opened => "opened",
        IncidentEvent.Updated => "updated",
        _ => "resolved",
    };
}
