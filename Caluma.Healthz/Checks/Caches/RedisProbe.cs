using Caluma.Healthz.Configuration;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Sets, reads back and deletes a fresh key, on one multiplexer that is kept between runs. A connection that is down at the
/// start of a run is made anew, so that the verdict is about the server now and not about the client's reconnect schedule.
/// </summary>
internal sealed class RedisProbe(RedisCacheOptions options, TimeSpan timeout) : IProbe, IAsyncDisposable
{
    /// <summary>An access control list can allow the probe just these keys.</summary>
    private const string KeyPrefix = "healthz:";

    /// <summary>Longer than the longest timeout; what a killed run leaves is gone after it.</summary>
    private static readonly TimeSpan _expiry = TimeSpan.FromSeconds(60);

    /// <summary>How long after it has failed to connect the client has surely logged why.</summary>
    private static readonly TimeSpan _logged = TimeSpan.FromSeconds(0.5);

    private readonly ConfigurationOptions _options = Harden(options.Connection.Clone(), timeout);
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _connection;

    public string Target => options.Alias;

    public IReadOnlyList<Check> Checks { get; } = [Check.Caches];

    public async Task RunAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        var (connecting, isNew) = Connection(stale: null);
        try
        {
            Reason? reason;
            try
            {
                reason = await ExerciseAsync(connecting, cancellationToken);
            }
            catch (RedisConnectionException) when (!isNew)
            {
                // A connection kept from an earlier run says nothing about the server now.
                (connecting, _) = Connection(stale: connecting);
                reason = await ExerciseAsync(connecting, cancellationToken);
            }

            if (reason is { } failure)
            {
                run.Fail(Check.Caches, failure);
            }
            else
            {
                run.Pass(Check.Caches);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // What hung may hang for good, where a new connection would come through.
            Drop(connecting);
            throw;
        }
    }

    public Reason ReasonFor(Exception exception) => RedisFailure.ReasonFor(exception);

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            Discard(_connection);
            _connection = null;
        }

        return ValueTask.CompletedTask;
    }

    private static ConfigurationOptions Harden(ConfigurationOptions options, TimeSpan timeout)
    {
        options.AbortOnConnectFail = true;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectRetry = 1;

        // The run's token ends everything at the timeout. These are only what stops a call that has lost its token.
        options.ConnectTimeout = options.AsyncTimeout = options.SyncTimeout = (int)Math.Ceiling(timeout.TotalMilliseconds) + 1000;
        options.ClientName ??= "caluma-healthz";
        options.IncludeDetailInExceptions = false;

        // Neither is used by a probe, and an access control list need not allow them.
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        if (options.ServiceName is null && options.CommandMap == CommandMap.Default)
        {
            // Without SUBSCRIBE there is no second connection for subscriptions, which only Sentinel needs; without ECHO the
            // client says PING when it connects, which access control lists allow more often.
            options.CommandMap = CommandMap.Create(["SUBSCRIBE", "ECHO"], available: false);
        }

        return options;
    }

    private async Task<Reason?> ExerciseAsync(Task<ConnectionMultiplexer> connecting, CancellationToken cancellationToken)
    {
        var multiplexer = await connecting.WaitAsync(cancellationToken);
        try
        {
            var cache = multiplexer.GetDatabase();
            RedisKey key = $"{KeyPrefix}{Guid.NewGuid()}";
            RedisValue value = Guid.NewGuid().ToString();
            await AuthenticateAsync(cache, cancellationToken);

            // By name, so that SET, GET and DEL are all that an access control list must allow: StringSetAsync sends SETEX, and
            // KeyDeleteAsync UNLINK.
            await cache.ExecuteAsync("SET", key, value, "EX", (int)_expiry.TotalSeconds).WaitAsync(cancellationToken);
            var read = await cache.StringGetAsync(key).WaitAsync(cancellationToken);
            var deleted = await cache.ExecuteAsync("DEL", key).WaitAsync(cancellationToken);
            return read == value && (int)deleted == 1 ? null : Reason.Mismatch;
        }
        catch (RedisException) when (multiplexer.GetServers() is var servers
            && servers.Any(server => server.IsConnected && server.IsReplica)
            && !servers.Any(server => server.IsConnected && !server.IsReplica))
        {
            // The client refuses to write to a replica without asking it.
            return Reason.ReadOnly;
        }
    }

    /// <summary>
    /// Presents the credentials again. The client goes on without them where they are refused and the server serves the
    /// unauthenticated, and those of a kept connection may have changed since.
    /// </summary>
    private async Task AuthenticateAsync(IDatabase cache, CancellationToken cancellationToken)
    {
        if (_options.Password is { Length: > 0 } password)
        {
            object[] credentials = _options.User is { Length: > 0 } user ? [user, password] : [password];
            await cache.ExecuteAsync("AUTH", credentials).WaitAsync(cancellationToken);
        }
    }

    /// <summary>The kept connection, or a new one where there is none, it is down, or it is <paramref name="stale"/>.</summary>
    private (Task<ConnectionMultiplexer> Connecting, bool IsNew) Connection(Task<ConnectionMultiplexer>? stale)
    {
        lock (_lock)
        {
            if (_connection is not null && _connection != stale
                && (!_connection.IsCompleted || _connection is { IsCompletedSuccessfully: true, Result.IsConnected: true }))
            {
                return (_connection, false);
            }

            Discard(_connection);
            _connection = ConnectAsync(_options.Clone());
            return (_connection, true);
        }
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        var log = new RedisConnectionLog();
        options.LoggerFactory = log;
        var connecting = ConnectionMultiplexer.ConnectAsync(options);

        // The client may miss that its only connection has failed, and would wait for its timeout.
        await Task.WhenAny(options.EndPoints.Count == 1 ? [connecting, log.Failure] : [connecting]);
        if (connecting.IsCompletedSuccessfully)
        {
            return await connecting;
        }

        Discard(connecting);
        try
        {
            throw await log.Failure.WaitAsync(_logged);
        }
        catch (TimeoutException)
        {
            return await connecting;
        }
    }

    /// <summary>Has the next run make a connection of its own.</summary>
    private void Drop(Task<ConnectionMultiplexer> connection)
    {
        lock (_lock)
        {
            if (_connection == connection)
            {
                Discard(_connection);
                _connection = null;
            }
        }
    }

    private static void Discard(Task<ConnectionMultiplexer>? connection) =>
        connection?.ContinueWith(
            static completed =>
            {
                if (completed.IsCompletedSuccessfully)
                {
                    completed.Result.Dispose();
                }
                else
                {
                    _ = completed.Exception;
                }
            },
            TaskScheduler.Default);
}
