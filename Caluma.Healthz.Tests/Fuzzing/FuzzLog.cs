using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>Notes each exception that no classifier knows: the probe survives it, and it is a fault all the same.</summary>
internal sealed class FuzzLog : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();
    private string? _fault;

    /// <summary>Fails if there was such an exception since the last call.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            var fault = _fault;
            _fault = null;
            if (fault is not null)
            {
                throw new FuzzFaultException(fault);
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
        // It has nothing to close.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && eventId.Name == "HealthzException")
        {
            lock (_lock)
            {
                _fault ??= formatter(state, exception);
            }
        }
    }
}
