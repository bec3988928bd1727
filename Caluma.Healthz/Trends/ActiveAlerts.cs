using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>Finds the critical alerts that are news, and do not repeat an incident that people know.</summary>
internal static class ActiveAlerts
{
    /// <summary>A window of hours still holds the failures of a past incident. From this many failures on it holds new ones.</summary>
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

    /// <summary>Whether a check is, or has just been, unavailable: a burning budget is then no news.</summary>
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
