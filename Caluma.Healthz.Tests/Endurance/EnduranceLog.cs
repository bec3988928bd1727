using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>Counts the events of a probe, and the records that it says are lost.</summary>
internal sealed class EnduranceLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentDictionary<string, int> _events = [];
    private int _lost;

    /// <summary>The records that were given up.</summary>
    public int Lost => _lost;

    public int Count(string name) => _events.GetValueOrDefault(name);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _events.AddOrUpdate(eventId.Name ?? "", 1, (_, count) => count + 1);
        if (eventId.Name == "HealthzRecordFailed" && state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            Interlocked.Add(ref _lost, (int)values.Single(value => value.Key == "Lost").Value!);
        }
    }

    public void Dispose()
    {
    }
}
