namespace Caluma.Healthz.Trends;

/// <summary>What people were told of an incident at one time.</summary>
/// <param name="Event">What has become of it.</param>
/// <param name="Tick">The tick upon which it did.</param>
/// <param name="Checks">The checks that it took in by then.</param>
internal sealed record IncidentMoment(IncidentEvent Event, DateTimeOffset Tick, CheckSet Checks);
