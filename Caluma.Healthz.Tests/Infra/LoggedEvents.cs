using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The events of the alert rules, as the probe logs them, one line each.</summary>
internal static class LoggedEvents
{
    private static readonly DateTimeOffset _since = new(2026, 11, 22, 11, 58, 0, TimeSpan.Zero);

    /// <summary>A run without failures.</summary>
    public static Action<ILogger> HealthyRun(int milliseconds = 25) => Run(milliseconds, Result(Check.Databases, "default", null));

    /// <summary>A run with one failed check.</summary>
    public static Action<ILogger> FailedRun(Check check, string target, Reason reason, int milliseconds = 5000) =>
        Run(milliseconds, Result(check, target, reason), Result(Check.Databases, "other", null));

    public static Action<ILogger> ConfigurationInvalid() =>
        log => ConfigurationLog.Write(log, Settings.Read("Healthz__Timeout=never", "Healthz__Nonsense=1"));

    public static Action<ILogger> RunRecorded() => log => RecordingLog.Recorded(
        log, new RunRecord(_since, _since, 25, Ok: true, Late: false, Maintenance: false, "timer", "instance", []), records: 1, calls: 4);

    public static Action<ILogger> RecordFailed(Reason reason, int pending, int lost) =>
        log => RecordingLog.Failed(log, reason, "record", pending, lost);

    public static Action<ILogger> AlertFiring(AlertRule rule, Check? check = null, string? target = null) =>
        log => RecordingLog.Changed(log, new Alert(rule, _since, check, target));

    public static Action<ILogger> AlertResolved(AlertRule rule, Check? check = null, string? target = null) =>
        log => RecordingLog.Changed(log, new Alert(rule, _since, check, target, _since.AddMinutes(2)));

    /// <summary>The events of an incident, in order.</summary>
    /// <param name="system">The system, such as <c>database</c>.</param>
    /// <param name="target">The alias.</param>
    /// <param name="severity">The severity.</param>
    /// <param name="checks">The affected checks.</param>
    /// <param name="events">The events, a minute apart.</param>
    public static Action<ILogger> Incident(
        string system, string target, Severity severity, CheckSet checks, params IReadOnlyList<IncidentEvent> events) => log =>
    {
        var incident = new Incident(
            new AffectedSystem(system, target).IdOf(_since, severity), system, target, checks, severity, _since, _since, 1, Reason.Connect);
        foreach (var (change, index) in events.Select((change, index) => (change, index)))
        {
            incident = incident.With(new IncidentMoment(change, _since.AddMinutes(2 + index), checks));
        }

        RecordingLog.Changed(log, new IncidentChange(events[^1], incident));
    };

    private static Action<ILogger> Run(int milliseconds, params CheckResult[] results) =>
        log => RunLog.Write(log, new RunReport(CheckSet.All, results, _since, TimeSpan.FromMilliseconds(milliseconds)));

    private static CheckResult Result(Check check, string target, Reason? reason) =>
        new(check, target, TimeSpan.FromMilliseconds(20), reason);
}
