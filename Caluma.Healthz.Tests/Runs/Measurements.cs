using System.Diagnostics.Metrics;
using System.Globalization;
using Caluma.Healthz.Runs;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>What one meter of ours measures, as lines such as <c>healthz.check.ok 1 [check, caches],[target, a]</c>.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly List<string> _all = [];
    private readonly MeterListener _listener = new();
    private int? _creator;

    public Measurements()
    {
        // Other tests have meters of the same name.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RunMetrics.MeterName && Environment.CurrentManagedThreadId == _creator)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What was measured since something was observed.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Makes something whose meter this is to measure.</summary>
    public T Measure<T>(Func<T> create)
    {
        _creator = Environment.CurrentManagedThreadId;
        var created = create();
        _creator = null;
        return created;
    }

    /// <summary>What instruments of a name say now.</summary>
    public IReadOnlyList<string> Observe(string name)
    {
        _all.Clear();
        _listener.RecordObservableInstruments();
        return [.. _all.Where(line => line.Split(' ')[0] == name)];
    }

    public void Dispose() => _listener.Dispose();

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _all.Add(string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {value} {string.Join(',', tags.ToArray())}").TrimEnd());
}
