using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// What StackExchange.Redis logs of a connection that it cannot make. It says why nowhere else: what it throws of a name that does not
/// resolve, a port that refuses, a right that is lacking and bytes that are no Redis is the same.
/// </summary>
internal sealed class RedisConnectionLog : ILoggerFactory, ILogger
{
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first failure; incomplete where all goes well.</summary>
    public Task<Exception> Failure => _failure.Task;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // It is the only one.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is RedisConnectionException)
        {
            _failure.TrySetResult(exception);
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
