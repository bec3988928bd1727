using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Notifications;

/// <summary>Whether a channel has got an event of an incident.</summary>
internal sealed class Delivery
{
    /// <summary>The name of the channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The incident.</summary>
    public required string Incident { get; init; }

    /// <summary>The kind of the event.</summary>
    public required IncidentEvent Event { get; init; }

    /// <summary>The tick of the event.</summary>
    public required DateTimeOffset Tick { get; init; }

    /// <summary>Whether the channel has got it.</summary>
    public bool IsDone { get; set; }

    /// <summary>The process that delivers it now.</summary>
    public string? Holder { get; set; }

    /// <summary>Until when no other process may deliver it: the process that claimed it may have been killed.</summary>
    public DateTimeOffset? HeldUntil { get; set; }

    public bool Is(string channel, Incident incident, IncidentMoment moment) =>
        Channel == channel && Incident == incident.Id && Event == moment.Event && Tick == moment.Tick;
}
