using Caluma.Healthz.History;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>Makes healthy reports that a test changes: a schedule of a minute, and a newest record that is half a minute old.</summary>
internal static class Reports
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 30, TimeSpan.Zero);

    public static readonly DateTimeOffset Today = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] _windows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "7d", "30d"];

    public static TrendReport Of(params IReadOnlyList<SeriesTrend> checks) =>
        new(Now, Now.AddSeconds(-30), Stale: false, "0 * * * * *", Slo: 99.5, TimeoutMs: 5000, Alerts: [], Ended: [], checks);

    public static SeriesTrend Series(Check check = Check.Databases, string target = "default") => new(
        check,
        target,
        Ok: true,
        Reason: null,
        Since: Today,
        [.. _windows.Select(window => new WindowTrend(window, 100, 0, 0, 0, 100, 0, 1, 3, 5, 9))],
        new Drift(5, 5),
        new Forecast(0, 5, null),
        [.. Enumerable.Range(-89, 90).Select(day => Period(Today.AddDays(day)))])
    {
        Hours = [.. Enumerable.Range(-719, 720).Select(hour => Period(Today.AddHours(12 + hour)))],
    };

    public static PeriodTrend Period(
        DateTimeOffset start, int failed = 0, int excluded = 0, int missing = 0, int runs = 1440, double? p50 = 3, double? p95 = 5) =>
        new(start, runs, failed, excluded, missing, p50, p95);

    public static SeriesTrend Failing(this SeriesTrend check, Reason reason, TimeSpan ago) => check with
    {
        Ok = false,
        Reason = reason,
        Since = Now.AddSeconds(-30) - ago,
    };

    /// <summary>Makes the context of a page.</summary>
    /// <param name="report">The report.</param>
    /// <param name="query">The query of the address.</param>
    /// <param name="settings">Settings of the environment, which has a database, a cache and a media storage.</param>
    public static PageContext Page(this TrendReport report, string query = "", params string[] settings) =>
        new(report, PageQuery.Parse("/healthz/dashboard", query, out _)!, Environment(settings));

    /// <summary>Draws the page of a report.</summary>
    public static string Render(this TrendReport report, string query = "", params string[] settings) =>
        DashboardPage.Render(report, PageQuery.Parse("/healthz/dashboard", query, out _)!, Environment(settings), PageRecords.None);

    public static PageEnvironment Environment(params string[] settings) =>
        new(Settings.Read(["Healthz__Caches__default=cache", .. settings]));

    /// <summary>A report with open and resolved alerts.</summary>
    public static TrendReport With(this TrendReport report, params IEnumerable<Alert> alerts) =>
        report with
        {
            Alerts = [.. alerts.Where(alert => alert.Resolved is null)],
            Ended = [.. alerts.Where(alert => alert.Resolved is not null)],
        };

    /// <summary>An incident of an hour, which recovered 50 minutes after its start.</summary>
    public static Incident Incident(DateTimeOffset started, Check check = Check.Caches, string target = "default") => new(
        "cache-default-20261122T020000Z",
        AffectedSystem.Of(new Series(check, target)).Kind,
        target,
        CheckSet.Of(check),
        Severity.Critical,
        started,
        started.AddMinutes(2),
        Notifications: 1,
        Reason.Connect,
        Resolved: started.AddHours(1))
    {
        Recovered = started.AddMinutes(50),
    };

    /// <summary>An incident that still fails.</summary>
    public static Incident Open(this Incident incident) => incident with { Recovered = null, Resolved = null };

    /// <summary>Replaces the window with this name.</summary>
    public static SeriesTrend With(this SeriesTrend check, WindowTrend window) =>
        check with { Windows = [.. check.Windows.Select(other => other.Window == window.Window ? window : other)] };
}
