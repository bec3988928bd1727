namespace Caluma.Healthz.Trends;

/// <summary>A notification of an incident.</summary>
/// <param name="Event">The kind of the event.</param>
/// <param name="Tick">The tick of the event.</param>
/// <param name="Checks">The affected checks at that time.</param>
internal sealed record IncidentMoment(IncidentEvent Event, DateTimeOffset Tick, CheckSet Checks);
