using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>Finds the critical alerts that may open an incident: those that do not repeat one of which people were notified.</summary>
internal static class ActiveAlerts
{
    /// <summary>
    /// The minimum of failures after a resolved incident for a burn alert to count again: its window still holds the failures of the
    /// incident.
    /// </summary>
    private const int FailuresAnew = 3;

    private static readonly TimeSpan _inhibited = TimeSpan.FromMinutes(30);

    /// <summary>The alerts of checks that fail in a run.</summary>
    public static IEnumerable<Alert> Of(TrendState state, RunRecord record) =>
        from check in record.Checks
        where !check.Ok
        from alert in state.Open
        where alert.Severity == Severity.Critical && alert.Is(alert.Rule, check.Series)
            && !IsInhibited(state, alert, record.Tick) && !IsSpent(state, alert)
        select alert;

    /// <summary>
    /// Whether an outage of the same series is open, or was resolved a short time ago. It explains the other alerts of the series.
    /// </summary>
    public static bool IsInhibited(TrendState state, Alert alert, DateTimeOffset tick)
    {
        return alert.Rule != AlertRule.Unavailable
            && (state.Open.Exists(IsOutage) || state.Ended.FindLast(IsOutage)?.Resolved > tick - _inhibited);

        bool IsOutage(Alert other) => other.Rule == AlertRule.Unavailable && other.Check == alert.Check && other.Target == alert.Target;
    }

    private static bool IsSpent(TrendState state, Alert alert) => alert.Rule != AlertRule.Unavailable
        && state.Incidents.FindLast(incident => incident.IsPage && incident.Incident.Covers(AffectedSystem.Of(alert)))
            is { IsOpen: false, FailuresSince: < FailuresAnew };
}
