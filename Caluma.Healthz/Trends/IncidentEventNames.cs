namespace Caluma.Healthz.Trends;

/// <summary>How events, answers and notifications name what has become of an incident.</summary>
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
