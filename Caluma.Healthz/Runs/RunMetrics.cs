using System.Diagnostics.Metrics;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Runs;

/// <summary>The metrics of runs: the newest verdict of each check and target, durations and counts.</summary>
internal sealed class RunMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Caluma.Healthz";

    /// <summary>The metrics for scrapes: they have a value even where nothing runs, so the Functions app does not export them.</summary>
    public static readonly IReadOnlyList<string> ForScrapes = ["healthz.check.age", "healthz.objective", "healthz.schedule.interval"];

    /// <summary>Bounds of the buckets, mainly those of OpenTelemetry for HTTP; 5 s, 10 s and 30 s are usual timeouts.</summary>
    private static readonly double[] _seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private static readonly TimeSpan _minFresh = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _freshWithoutSchedule = TimeSpan.FromMinutes(5);

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly TimeSpan _fresh;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _starvedRuns;
    private readonly Counter<long> _sharedAnswers;
    private readonly Counter<long> _refusedKeys;
    private readonly Histogram<double> _duration;
    private readonly Lock _lock = new();
    private readonly Dictionary<(Check Check, string Target), (Reason? Reason, long At)> _latest = [];

    /// <param name="options">The objective and, where runs are recorded, the schedule.</param>
    /// <param name="time">The clock.</param>
    /// <param name="meters">Makes the meter; null where the process has only one.</param>
    public RunMetrics(HealthzOptions options, TimeProvider time, IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _time = time;
        _fresh = options.History is null ? _freshWithoutSchedule : FreshFor(options.Schedule);
        _runs = _meter.CreateCounter<long>("healthz.runs", description: "Runs, by their verdict");
        _starvedRuns = _meter.CreateCounter<long>(
            "healthz.starved_runs", description: "Runs that the process itself had no time for, whole or in part");
        _sharedAnswers = _meter.CreateCounter<long>(
            "healthz.shared_answers", description: "Answers from a run that another caller started");
        _refusedKeys = _meter.CreateCounter<long>("healthz.refused_keys", description: "Requests with a missing or wrong key");
        _duration = _meter.CreateHistogram(
            "healthz.check.duration", "s", "What verdicts took, by the reason where they failed",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = _seconds });
        _meter.CreateObservableGauge("healthz.check.ok", Verdicts, description: "Newest verdict: 1 passed, 0 failed, with the reason");
        _meter.CreateObservableGauge("healthz.check.age", Ages, "s", "Time since the newest verdict");
        _meter.CreateObservableGauge(
            "healthz.objective", () => Math.Round(options.Slo / 100, 10), "1", "The share of runs that must pass");
    }

    /// <summary>
    /// How long a verdict is reported: until the run after the next. An instance that stops running checks, because another one records,
    /// must not report an old verdict for ever.
    /// </summary>
    public static TimeSpan FreshFor(Schedule schedule) => schedule.Interval * 2 > _minFresh ? schedule.Interval * 2 : _minFresh;

    /// <summary>Notes the verdicts of a run.</summary>
    public void CountRun(RunReport report)
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

        foreach (var result in verdicts)
        {
            _duration.Record(result.Duration.TotalSeconds, TagsOf(result.Check, result.Target, result.Reason));
        }

        lock (_lock)
        {
            foreach (var result in verdicts)
            {
                _latest[(result.Check, result.Target)] = (result.Reason, _time.GetTimestamp());
            }
        }
    }

    /// <summary>Counts an answer from a run that another caller started.</summary>
    public void CountSharedAnswer() => _sharedAnswers.Add(1);

    /// <summary>Counts a request with a missing or wrong key.</summary>
    public void CountRefusedKey() => _refusedKeys.Add(1);

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    /// <summary>The tags of a series. A passing check has no reason.</summary>
    private static KeyValuePair<string, object?>[] TagsOf(Check check, string target, Reason? reason) => reason is { } failed
        ? [new("check", check.Token()), new("target", target), new("reason", failed.Code())]
        : [new("check", check.Token()), new("target", target)];

    private List<Measurement<long>> Verdicts()
    {
        lock (_lock)
        {
            return
            [
                .. from latest in _latest
                   where _time.GetElapsedTime(latest.Value.At) <= _fresh
                   let tags = TagsOf(latest.Key.Check, latest.Key.Target, latest.Value.Reason)
                   select new Measurement<long>(latest.Value.Reason is null ? 1 : 0, tags),
            ];
        }
    }

    private List<Measurement<double>> Ages()
    {
        lock (_lock)
        {
            return
            [
                .. from latest in _latest
                   let tags = TagsOf(latest.Key.Check, latest.Key.Target, reason: null)
                   select new Measurement<double>(_time.GetElapsedTime(latest.Value.At).TotalSeconds, tags),
            ];
        }
    }
}
