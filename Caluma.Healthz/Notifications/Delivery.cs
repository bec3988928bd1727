using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Notifications;

/// <summary>Whether somebody was told what has become of an incident.</summary>
internal sealed class Delivery
{
    /// <summary>Who: the name of a channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The incident.</summary>
    public required string Incident { get; init; }

    /// <summary>What has become of it.</summary>
    public required IncidentEvent Event { get; init; }

    /// <summary>The tick upon which it did.</summary>
    public required DateTimeOffset Tick { get; init; }

    /// <summary>Whether it was told.</summary>
    public bool IsDone { get; set; }

    /// <summary>The process that tells it now.</summary>
    public string? Holder { get; set; }

    /// <summary>Until when no other process tells it, too. One that was killed meanwhile does not come back.</summary>
    public DateTimeOffset? HeldUntil { get; set; }

    public bool Is(string channel, Incident incident, IncidentMoment moment) =>
        Channel == channel && Incident == incident.Id && Event == moment.Event && Tick == moment.Tick;
}
