using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Reads why StackExchange.Redis could not connect from the client's log. Its exceptions do not tell: an unknown host name, a closed port,
/// a missing right and a server that is no Redis all throw the same.
/// </summary>
/// <param name="options">Must have <see cref="ConfigurationOptions.IncludeDetailInExceptions"/>, without which the log does not say what
/// failed.</param>
internal sealed class RedisConnectionLog(ConfigurationOptions options) : ILoggerFactory, ILogger
{
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly Dictionary<EndPoint, Exception> _failures = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>
    /// Completes once no configured server can be reached, with the reason that explains most. Servers that the client discovered by itself
    /// do not count: they may be down and not needed.
    /// </summary>
    public Task<Exception> Failure => _failure.Task;

    /// <summary>
    /// Whether the client's time to connect is over, but for the difference of clocks: a failure is then a missing answer.
    /// </summary>
    public bool TimeIsUp => Stopwatch.GetElapsedTime(_started).TotalMilliseconds >= options.ConnectTimeout * 0.9;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // This log is the only provider.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is RedisConnectionException && exception.Data["Redis-EndPoint"] is string text
            && EndPointCollection.TryParse(text) is { } endPoint && options.EndPoints.Contains(endPoint))
        {
            Failed(endPoint, TimeIsUp ? new TimeoutException() : exception);
        }
    }

    public void Dispose()
    {
        // There are no scopes.
    }

    private void Failed(EndPoint endPoint, Exception exception)
    {
        lock (_lock)
        {
            if (_failures.TryAdd(endPoint, exception) && _failures.Count == options.EndPoints.Count)
            {
                _failure.SetResult(RedisFailure.First(_failures.Values));
            }
        }
    }
}
