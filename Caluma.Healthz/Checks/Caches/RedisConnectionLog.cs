using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// What StackExchange.Redis logs of a connection that it cannot make. It says why nowhere else: what it throws of a name that does not
/// resolve, a port that refuses, a right that is lacking and bytes that are no Redis is the same.
/// </summary>
/// <param name="options">With <see cref="ConfigurationOptions.IncludeDetailInExceptions"/>, or it is not known what failed.</param>
internal sealed class RedisConnectionLog(ConfigurationOptions options) : ILoggerFactory, ILogger
{
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly Dictionary<EndPoint, Exception> _failures = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>
    /// Once none of the servers that are configured can be connected to, why not, by the one that explains most; else incomplete. One
    /// that a server has told of may be down and not needed.
    /// </summary>
    public Task<Exception> Failure => _failure.Task;

    /// <summary>
    /// Whether the client has had its time to connect, all but what clocks differ by, so that what fails has just not answered.
    /// </summary>
    public bool TimeIsUp => Stopwatch.GetElapsedTime(_started).TotalMilliseconds >= options.ConnectTimeout * 0.9;

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
        if (exception is RedisConnectionException && exception.Data["Redis-EndPoint"] is string text
            && EndPointCollection.TryParse(text) is { } endPoint && options.EndPoints.Contains(endPoint))
        {
            Failed(endPoint, TimeIsUp ? new TimeoutException() : exception);
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private void Failed(EndPoint endPoint, Exception exception)
    {
        lock (_lock)
        {
            if (_failures.TryAdd(endPoint, exception) && _failures.Count == options.EndPoints.Count)
            {
                _failure.SetResult(RedisFailure.ThatExplainsMost(_failures.Values));
            }
        }
    }
}
