using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>How a check on a target is doing, and has done.</summary>
/// <param name="Check">The check; its key in JSON.</param>
/// <param name="Target">The alias.</param>
/// <param name="Ok">The verdict of the newest run that counts; null without one.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Since">The first run in a row with this verdict.</param>
/// <param name="Windows">From 5 min to 30 d.</param>
/// <param name="Drift">How the newest whole hour compares with the week before; null where there is too little to tell.</param>
/// <param name="Forecast">Where the latency is going; null where there is too little to tell.</param>
/// <param name="Days">One per day that was asked for, the oldest first; days before the first record are not in it.</param>
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
    /// <summary>The last 30 days by hours, the oldest first; hours before the first record are not in it.</summary>
    [JsonIgnore]
    public IReadOnlyList<PeriodTrend> Hours { get; init; } = [];

    /// <summary>The window of this name.</summary>
    public WindowTrend Window(string name) => Windows.First(window => window.Window == name);
}
