namespace Caluma.Healthz.Configuration;

/// <summary>A time in which runs are recorded, but neither counted nor alerted on.</summary>
/// <param name="Start">The first moment of it.</param>
/// <param name="End">The first moment after it.</param>
internal sealed record MaintenanceWindow(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Whether it is on at <paramref name="time"/>.</summary>
    public bool Contains(DateTimeOffset time) => Start <= time && time < End;
}
