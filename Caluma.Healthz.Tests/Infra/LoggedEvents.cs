using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The events that the alert rules are made of, as our own code logs them, one line each.</summary>
internal static class LoggedEvents
{
    private static readonly DateTimeOffset _since = new(2026, 11, 22, 11, 58, 0, TimeSpan.Zero);

    /// <summary>A run in which nothing failed.</summary>
    public static Action<ILogger> HealthyRun(int milliseconds = 25) => Run(milliseconds, Result(Check.Databases, "default", null));

    /// <summary>A run in which one check failed.</summary>
    public static Action<ILogger> FailedRun(Check check, string target, Reason reason, int milliseconds = 5000) =>
        Run(milliseconds, Result(check, target, reason), Result(Check.Databases, "other", null));

    public static Action<ILogger> ConfigurationInvalid() =>
        log => ConfigurationLog.Write(log, Settings.Read("Healthz__Timeout=never", "Healthz__Nonsense=1"));

    public static Action<ILogger> RunRecorded() => log => Awaited.RunRecorded(log, _since, 1, "false", 12);

    public static Action<ILogger> RecordFailed(Reason reason, int pending, int lost) =>
        log => Awaited.RecordFailed(log, lost > 0 ? LogLevel.Error : LogLevel.Warning, reason.Code(), pending, lost);

    public static Action<ILogger> AlertFiring(string rule, string severity, Check? check, string? target) =>
        log => Awaited.AlertFiring(
            log, severity == "critical" ? LogLevel.Error : LogLevel.Warning, rule, severity, _since, check?.Token() ?? "-", target ?? "-");

    public static Action<ILogger> AlertResolved(string rule, string severity, Check? check, string? target) =>
        log => Awaited.AlertResolved(log, rule, severity, _since, check?.Token() ?? "-", target ?? "-");

    private static Action<ILogger> Run(int milliseconds, params CheckResult[] results) =>
        log => RunLog.Write(log, new RunReport(CheckSet.All, results, _since, TimeSpan.FromMilliseconds(milliseconds)));

    private static CheckResult Result(Check check, string target, Reason? reason) =>
        new(check, target, TimeSpan.FromMilliseconds(20), reason);
}
