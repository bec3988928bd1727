using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>The trend of a check on a target.</summary>
/// <param name="Check">The check; its key in JSON.</param>
/// <param name="Target">The alias.</param>
/// <param name="Ok">The verdict of the newest run that counts; null without one.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Since">The first of the consecutive runs with this verdict.</param>
/// <param name="Windows">The windows, from 5 min to 30 d.</param>
/// <param name="Drift">The comparison of the newest whole hour with the week before; null where the history is too short.</param>
/// <param name="Forecast">The forecast of the latency; null where the history is too short.</param>
/// <param name="Days">The wanted days, the oldest first, without days before the first record.</param>
internal sealed record SeriesTrend(
    Check Check,
    string Target,
    bool? Ok,
    Reason? Reason,
    DateTimeOffset? Since,
    IReadOnlyList<WindowTrend> Windows,
    Drift? Drift,
    Forecast? Forecast,
    IReadOnlyList<PeriodTrend> Days)
{
    /// <summary>The last 30 days by hours, the oldest first, without hours before the first record.</summary>
    [JsonIgnore]
    public IReadOnlyList<PeriodTrend> Hours { get; init; } = [];

    /// <summary>The window with this name.</summary>
    public WindowTrend Window(string name) => Windows.First(window => window.Window == name);
}
