using System.Diagnostics.Metrics;

namespace Caluma.Healthz.Runs;

/// <summary>The metrics of runs: the newest verdict of each check and target, durations and counts.</summary>
internal sealed class RunMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Caluma.Healthz";

    private readonly Meter _meter = new(MeterName);
    private readonly TimeProvider _time;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _starvedRuns;
    private readonly Counter<long> _sharedAnswers;
    private readonly Counter<long> _refusedKeys;
    private readonly Lock _lock = new();
    private readonly Dictionary<(Check Check, string Target), (bool Ok, TimeSpan Duration, long At)> _latest = [];

    /// <param name="time">The clock.</param>
    public RunMetrics(TimeProvider time)
    {
        _time = time;
        _runs = _meter.CreateCounter<long>("healthz.runs", description: "Runs, by their verdict");
        _starvedRuns = _meter.CreateCounter<long>(
            "healthz.starved_runs", description: "Runs that the process itself had no time for, whole or in part");
        _sharedAnswers = _meter.CreateCounter<long>(
            "healthz.shared_answers", description: "Answers from a run that another caller started");
        _refusedKeys = _meter.CreateCounter<long>("healthz.refused_keys", description: "Requests with a missing or wrong key");
        _meter.CreateObservableGauge("healthz.check.ok", () =>
            Measure(latest => latest.Ok ? 1L : 0L), description: "Newest verdict: 1 passed, 0 failed");
        _meter.CreateObservableGauge("healthz.check.duration", () =>
            Measure(latest => latest.Duration.TotalSeconds), "s", "What the newest verdict took");
        _meter.CreateObservableGauge("healthz.check.age", () =>
            Measure(latest => _time.GetElapsedTime(latest.At).TotalSeconds), "s", "Time since the newest verdict");
    }

    /// <summary>Notes the verdicts of a run.</summary>
    public void Ran(RunReport report)
    {
        var verdicts = report.Results.Where(result => result.HasVerdict).ToList();
        if (verdicts.Count < report.Results.Count)
        {
            _starvedRuns.Add(1);
        }

        if (verdicts.Count > 0 || report.Results.Count == 0)
        {
            _runs.Add(1, new KeyValuePair<string, object?>("ok", verdicts.All(result => result.Ok) ? "true" : "false"));
        }

        lock (_lock)
        {
            foreach (var result in verdicts)
            {
                _latest[(result.Check, result.Target)] = (result.Ok, result.Duration, _time.GetTimestamp());
            }
        }
    }

    /// <summary>Counts an answer from a run that another caller started.</summary>
    public void Shared() => _sharedAnswers.Add(1);

    /// <summary>Counts a request with a missing or wrong key.</summary>
    public void RefusedKey() => _refusedKeys.Add(1);

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private List<Measurement<T>> Measure<T>(Func<(bool Ok, TimeSpan Duration, long At), T> value)
        where T : struct
    {
        lock (_lock)
        {
            return
            [
                .. _latest.Select(latest => new Measurement<T>(
                    value(latest.Value), new("check", latest.Key.Check.Token()),
                    new KeyValuePair<string, object?>("target", latest.Key.Target))),
            ];
        }
    }
}
