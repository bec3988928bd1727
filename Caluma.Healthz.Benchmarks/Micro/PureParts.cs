using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Caluma.Healthz.Benchmarks.Alerts;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Benchmarks.Micro;

/// <summary>What each tick and each answer does with a processor alone.</summary>
public class PureParts
{
    private readonly Profile _profile = new("minutes");
    private readonly LatencyHistogram _hour = new();
    private readonly LatencyHistogram _sum = new();
    private AlertEngine _engine = null!;
    private TrendState _state = null!;
    private RunRecord _record = null!;
    private byte[] _line = null!;
    private byte[] _stateJson = null!;
    private byte[] _rollupJson = null!;
    private DayRollup _rollup = null!;
    private double _ms;

    /// <summary>A month of minutes.</summary>
    [GlobalSetup]
    public void Fill()
    {
        _engine = new AlertEngine(_profile.Options);
        _state = new TrendState();
        foreach (var run in _profile.Runs(seed: 1, days: 30))
        {
            _engine.Evaluate(_state, run);
            _record = run;
        }

        _rollup = new DayRollup { Day = _record.Day };
        foreach (var run in _profile.Runs(seed: 1, days: 30).Where(run => run.Day == _rollup.Day))
        {
            _rollup.Fold(run, _profile.Options.Schedule);
            _hour.Add(run.Checks[0].Ms);
        }

        _line = RecordLine.Write(_record);
        _stateJson = JsonSerializer.SerializeToUtf8Bytes(_state, TrendsJson.Default.TrendState);
        _rollupJson = JsonSerializer.SerializeToUtf8Bytes(_rollup, HistoryJson.Default.DayRollup);
    }

    /// <summary>A tick: all rules of one check.</summary>
    [Benchmark]
    public object Rules()
    {
        var tick = _profile.Options.Schedule.Next(_record.Tick);
        _record = _record with { Tick = tick };
        return _engine.Evaluate(_state, _record).Alerts;
    }

    [Benchmark]
    public void HistogramAdd() => _hour.Add(_ms = (_ms + 1.37) % 500);

    /// <summary>An hour into a day.</summary>
    [Benchmark]
    public void HistogramMerge() => _sum.Merge(_hour);

    [Benchmark]
    public double? HistogramQuantile() => _hour.Quantile(0.95);

    /// <summary>When a check reaches its timeout, from the hours of a month.</summary>
    [Benchmark]
    public object? ForecastOfAMonth() => Forecast.Of(_state.Series[0].Hours, TimeSpan.FromSeconds(5));

    [Benchmark]
    public object WriteRecord() => RecordLine.Write(_record);

    [Benchmark]
    public object? ReadState() => JsonSerializer.Deserialize(_stateJson, TrendsJson.Default.TrendState);

    [Benchmark]
    public object WriteState() => JsonSerializer.SerializeToUtf8Bytes(_state, TrendsJson.Default.TrendState);

    [Benchmark]
    public object? ReadRollup() => JsonSerializer.Deserialize(_rollupJson, HistoryJson.Default.DayRollup);

    [Benchmark]
    public object ReadRecord() => RecordLine.Read(_line, out _)!;
}
