namespace Caluma.Healthz.Configuration;

/// <summary>A period in which runs are recorded, but neither counted nor alerted on.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="End">The first moment after its end.</param>
internal sealed record MaintenanceWindow(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Whether the window holds <paramref name="time"/>.</summary>
    public bool Contains(DateTimeOffset time) => Start <= time && time < End;
}
