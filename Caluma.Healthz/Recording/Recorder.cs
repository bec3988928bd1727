using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Notifications;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>Runs the checks on a timer tick, and records the results where there is a history.</summary>
public sealed class Recorder : IDisposable
{
    /// <summary>A timer may fire a little early.</summary>
    private static readonly TimeSpan _early = TimeSpan.FromSeconds(0.5);

    private readonly HealthzConfiguration _configuration;
    private readonly HealthzOptions _options;
    private readonly IRunner _runner;
    private readonly RunJournal? _journal;
    private readonly IncidentNotifier? _notifier;
    private readonly HistoryMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _one = new(1);
    private string _instance = NewInstance();
    private DateTimeOffset? _lastTick;
    private int _hasWarned;

    /// <param name="configuration">The configuration.</param>
    /// <param name="runner">Runs the checks.</param>
    /// <param name="journal">Records the runs; null without a history.</param>
    /// <param name="notifier">Sends incidents to channels besides the log; null for none.</param>
    /// <param name="metrics">Keeps what monitoring reads; null without a history.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    internal Recorder(
        HealthzConfiguration configuration,
        IRunner runner,
        RunJournal? journal,
        IncidentNotifier? notifier,
        HistoryMetrics? metrics,
        TimeProvider time,
        ILogger<Recorder> logger)
    {
        _configuration = configuration;
        _options = configuration.Options;
        _runner = runner;
        _journal = journal;
        _notifier = notifier;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <summary>Logs, once, the rules that cannot trigger with these settings. The first record does so, too.</summary>
    internal void WarnOfSilentRules()
    {
        if (_journal is not null && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            foreach (var rule in new RuleWindows(_options).CannotTrigger())
            {
                RecordingLog.CannotTrigger(_logger, rule);
            }
        }
    }

    /// <summary>Records a run for the newest tick of the schedule.</summary>
    /// <inheritdoc cref="RecordAsync(DateTimeOffset, bool, string, CancellationToken)"/>
    public Task RecordAsync(bool late, string source, CancellationToken cancellationToken) =>
        RecordAsync(_options.Schedule.Last(_time.GetUtcNow() + _early), late, source, cancellationToken);

    /// <summary>
    /// Runs the checks, never reusing an older run, and records the results. A failing storage is logged, and is no error.
    /// </summary>
    /// <param name="tick">The moment of the schedule. A tick that is recorded already is not recorded again.</param>
    /// <param name="late">Whether the timer fired late.</param>
    /// <param name="source">The recorder, such as <c>timer</c>.</param>
    /// <param name="cancellationToken">Cancels the run, which is then not recorded.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    internal async Task RecordAsync(DateTimeOffset tick, bool late, string source, CancellationToken cancellationToken)
    {
        if (!_options.Enabled || _configuration.Problems.Count > 0)
        {
            ConfigurationLog.Write(_logger, _configuration);
            return;
        }

        // Not at the start: the Functions host drops logs outside of an invocation.
        WarnOfSilentRules();
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (tick == _lastTick)
            {
                return;
            }

            if (tick < _lastTick)
            {
                // The clock went back. A new instance name keeps the new records apart from those of the clock that was ahead.
                _instance = NewInstance();
            }

            _lastTick = tick;
            var report = await _runner.RunAsync(_options.Checks, cancellationToken);
            if (_journal is not null && report.Results.Any(result => result.HasVerdict))
            {
                await _journal.WriteAsync(RecordOf(report, tick, late, source), cancellationToken);
                await (_metrics?.UpdateAsync(_journal, cancellationToken) ?? Task.CompletedTask);
                await NotifyAsync(_journal, tick, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Writes the records that could not be written before. For a tick that another process records: otherwise they would wait in memory
    /// until this process records again.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await (_journal?.FlushAsync(cancellationToken) ?? Task.CompletedTask);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private Task NotifyAsync(RunJournal journal, DateTimeOffset tick, CancellationToken cancellationToken) =>
        _notifier?.NotifyAsync(journal.Incidents, tick, cancellationToken) ?? Task.CompletedTask;

    private static string NewInstance() => $"{Environment.MachineName}-{Random.Shared.Next(0x1000000):x6}";

    private static double Milliseconds(TimeSpan duration) => Math.Round(duration.TotalMilliseconds, 2);

    private RunRecord RecordOf(RunReport report, DateTimeOffset tick, bool late, string source) => new(
        tick,
        report.StartedAt,
        Milliseconds(report.Duration),
        report.Results.All(result => result.Ok || !result.HasVerdict),
        late,
        _options.Maintenance.Any(window => window.Contains(tick)),
        source,
        _instance,
        [.. report.Results.Where(result => result.HasVerdict)
            .Select(result => new CheckRecord(result.Check, result.Target, result.Ok, Milliseconds(result.Duration), result.Reason))]);
}
