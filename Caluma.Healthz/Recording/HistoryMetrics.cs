using System.Diagnostics.Metrics;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// What monitoring can read off the history, from the process that records it: what is open, what is left of the error budgets, and how
/// old the newest record is. Nothing from one that has recorded nothing for a while, since another one knows better.
/// </summary>
internal sealed class HistoryMetrics : IDisposable
{
    /// <summary>A storage that hangs must not make the next run late. What is left of a budget can wait.</summary>
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

    /// <summary>Updates the metrics after a run. A budget costs some requests, and so is read only where somebody measures it.</summary>
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
            // The recorder has said so of what it could not write.
            ExceptionLog.Write(_logger, exception, HistoryFailure.ReasonFor(exception), "reading the error budgets");
            return [];
        }
    }

    private static KeyValuePair<string, object?>[] Tags(Check? check, string? target) =>
        check is { } known ? [new("check", known.Token()), new("target", target)] : [];

    /// <summary>What was recorded last; null where that is too long ago.</summary>
    private Recorded? Newest()
    {
        lock (_lock)
        {
            return _newest is { } newest && _time.GetUtcNow() - newest.At <= _fresh ? newest : null;
        }
    }

    /// <remarks>One that has not been able to write anything yet is as old as the first try.</remarks>
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

    /// <param name="At">When a run was recorded last, or was tried to be.</param>
    /// <param name="Tick">The newest one that was written; null where none was.</param>
    /// <param name="Alerts">What is open.</param>
    /// <param name="Incidents">What is known.</param>
    /// <param name="Budgets">What is left.</param>
    private sealed record Recorded(
        DateTimeOffset At,
        DateTimeOffset? Tick,
        IReadOnlyList<Alert> Alerts,
        IReadOnlyList<Incident> Incidents,
        IReadOnlyList<Measurement<double>> Budgets);
}
