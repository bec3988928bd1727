using System.Diagnostics.Metrics;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// The metrics of the history: open alerts and incidents, error budgets, and the age of the newest record. Only the process that records
/// reports them. A process that has recorded nothing for a while reports none, because another one records.
/// </summary>
internal sealed class HistoryMetrics : IDisposable
{
    /// <summary>A storage that hangs must not delay the next run. Budgets can wait.</summary>
    private static readonly TimeSpan _maxRead = TimeSpan.FromSeconds(2);

    private readonly TrendReader _trends;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _fresh;
    private readonly Meter _meter;
    private readonly ObservableGauge<double> _budget;
    private readonly Lock _lock = new();
    private DateTimeOffset? _first;
    private Recorded? _newest;

    public HistoryMetrics(
        TrendReader trends, HealthzOptions options, TimeProvider time, ILogger<HistoryMetrics> logger, IMeterFactory? meters = null)
    {
        _meter = meters?.Create(RunMetrics.MeterName) ?? new Meter(RunMetrics.MeterName);
        (_trends, _time, _logger) = (trends, time, logger);
        _fresh = RunMetrics.FreshFor(options.Schedule);
        _meter.CreateObservableGauge("healthz.record.age", Age, "s", "Time since the tick of the newest record that was written");
        _meter.CreateObservableGauge(
            "healthz.schedule.interval", () => options.Schedule.Interval.TotalSeconds, "s", "Time between two runs that are recorded");
        _meter.CreateObservableGauge("healthz.alert.open", Alerts, description: "1 for each rule that has triggered and not resolved");
        _meter.CreateObservableGauge("healthz.incident.open", Incidents, description: "1 for each incident that people were told of");
        _budget = _meter.CreateObservableGauge(
            "healthz.budget.remaining", Budgets, "1", "What is left of the error budget of 30 days; below 0 where it is overdrawn");
    }

    /// <summary>Updates the metrics after a run. Budgets cost requests, so they are read only while they are measured.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task UpdateAsync(RunJournal journal, CancellationToken cancellationToken)
    {
        var budgets = _budget.Enabled ? await BudgetsAsync(cancellationToken) : [];
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _first ??= now;
            _newest = new Recorded(now, journal.Newest, journal.Alerts ?? [], journal.Incidents ?? [], budgets);
        }
    }

    public void Dispose() => _meter.Dispose();

    private async Task<IReadOnlyList<Measurement<double>>> BudgetsAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_maxRead, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var report = await _trends.ReadAsync(days: 1, stop.Token);
            return
            [
                .. from series in report.Checks
                   let left = series.Window(Window.Max.Name).BudgetLeft
                   where left is not null
                   select new Measurement<double>(left.Value, Tags(series.Check, series.Target)),
            ];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The storage fails; the recorder has logged its own failure to write.
            ExceptionLog.Write(_logger, exception, HistoryFailure.ReasonFor(exception), "reading the error budgets");
            return [];
        }
    }

    private static KeyValuePair<string, object?>[] Tags(Check? check, string? target) =>
        check is { } known ? [new("check", known.Token()), new("target", target)] : [];

    /// <summary>The newest update; null where it is too old.</summary>
    private Recorded? Newest()
    {
        lock (_lock)
        {
            return _newest is { } newest && _time.GetUtcNow() - newest.At <= _fresh ? newest : null;
        }
    }

    /// <remarks>Where no record could be written yet, the time since the first attempt.</remarks>
    private IEnumerable<Measurement<double>> Age() =>
        Newest() is { } newest ? [new((_time.GetUtcNow() - (newest.Tick ?? _first!.Value)).TotalSeconds)] : [];

    private IEnumerable<Measurement<long>> Alerts() =>
        from alert in Newest()?.Alerts ?? []
        select new Measurement<long>(
            1, [new("rule", alert.Rule.Name()), new("severity", alert.Severity.Name()), .. Tags(alert.Check, alert.Target)]);

    private IEnumerable<Measurement<long>> Incidents() =>
        from incident in Newest()?.Incidents ?? []
        where incident.Resolved is null
        select new Measurement<long>(
            1,
            [
                new("system", incident.System),
                new("target", incident.Target),
                new("severity", incident.Severity.Name()),
                .. Reasons(incident.Reason),
            ]);

    private static KeyValuePair<string, object?>[] Reasons(Reason? reason) => reason is { } known ? [new("reason", known.Code())] : [];

    private IEnumerable<Measurement<double>> Budgets() => Newest()?.Budgets ?? [];

    /// <param name="At">The time of the update.</param>
    /// <param name="Tick">The tick of the newest written record; null where none was written.</param>
    /// <param name="Alerts">The open alerts.</param>
    /// <param name="Incidents">The known incidents.</param>
    /// <param name="Budgets">The remaining share of each error budget.</param>
    private sealed record Recorded(
        DateTimeOffset At,
        DateTimeOffset? Tick,
        IReadOnlyList<Alert> Alerts,
        IReadOnlyList<Incident> Incidents,
        IReadOnlyList<Measurement<double>> Budgets);
}
