using System.Net;
using Caluma.Healthz.Configuration;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Sets, reads back and deletes a fresh key, on one multiplexer that is kept between runs. A connection that is down at the
/// start of a run is made anew, so that the verdict is about the server now and not about the client's reconnect schedule.
/// Behind Sentinel, which is asked anew in each run, it is one to the primary; of a cluster, all primaries get a key.
/// </summary>
internal sealed class RedisProbe : IProbe, IAsyncDisposable
{
    /// <summary>Longer than the longest timeout; what a killed run leaves is gone after it.</summary>
    private static readonly TimeSpan _expiry = TimeSpan.FromSeconds(60);

    private readonly string _alias;
    private readonly ConfigurationOptions _options;
    private readonly RedisSentinels? _sentinels;
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _connection;
    private EndPoint? _connectedTo;

    public RedisProbe(RedisCacheOptions options, TimeSpan timeout)
    {
        _alias = options.Alias;
        _options = Harden(options.Connection.Clone(), timeout);
        if (_options.ServiceName is { Length: > 0 })
        {
            _sentinels = new RedisSentinels(_options);
            _options.ServiceName = null;
        }
    }

    public string Target => _alias;

    public IReadOnlyList<Check> Checks { get; } = [Check.Caches];

    public async Task RunAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        EndPoint? primary = null;
        if (_sentinels is not null)
        {
            primary = await _sentinels.FindPrimaryAsync(cancellationToken);
            if (primary is null)
            {
                run.Fail(Check.Caches, Reason.Missing);
                return;
            }
        }

        var (connecting, isNew) = Connection(primary, stale: null);
        try
        {
            var reason = await ExerciseAsync(connecting, cancellationToken);
            if (!isNew && reason is Reason.Connect or Reason.ReadOnly)
            {
                // A connection kept from an earlier run says nothing about the server now, nor about which one is the primary.
                (connecting, _) = Connection(primary, stale: connecting);
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
            RedisConnections.Discard(_connection);
            _connection = null;
        }

        return ValueTask.CompletedTask;
    }

    private static ConfigurationOptions Harden(ConfigurationOptions options, TimeSpan timeout)
    {
        options.AbortOnConnectFail = true;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectRetry = 1;

        // So long the client waits for one of several servers that is down. What is left of the time is for the others.
        options.ConnectTimeout = (int)Math.Ceiling(timeout.TotalMilliseconds * 3 / 4);

        // The run's token ends everything at the timeout. These are only what stops a call that has lost its token.
        options.AsyncTimeout = options.SyncTimeout = (int)Math.Ceiling(timeout.TotalMilliseconds) + 1000;
        options.ClientName ??= "caluma-healthz";

        // Which server it was: what an exception says goes no further than to its reason.
        options.IncludeDetailInExceptions = true;

        // CLUSTER NODES counts as administration here.
        options.AllowAdmin = true;

        // Neither is used by a probe, and an access control list need not allow them.
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        if (options.CommandMap == CommandMap.Default)
        {
            // Without SUBSCRIBE there is no second connection for subscriptions; without ECHO the client says PING when it
            // connects, which access control lists allow more often.
            options.CommandMap = CommandMap.Create(["SUBSCRIBE", "ECHO"], available: false);
        }

        return options;
    }

    private async Task<Reason?> ExerciseAsync(Task<ConnectionMultiplexer> connecting, CancellationToken cancellationToken)
    {
        var multiplexer = await connecting.WaitAsync(cancellationToken);
        Reason? reason;
        try
        {
            await AuthenticateAsync(multiplexer, cancellationToken);
            var keys = await RedisKeys.DrawAsync(multiplexer, cancellationToken);
            reason = (await Task.WhenAll(keys.Select(key => ExerciseAsync(multiplexer, key.Key, key.Primary, cancellationToken)))).Min();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            reason = ReasonFor(exception);
        }

        // The client refuses to write to a replica without asking it.
        var servers = multiplexer.GetServers().Where(server => server.IsConnected).ToList();
        return reason is not null && servers.Count > 0 && servers.All(server => server.IsReplica) ? Reason.ReadOnly : reason;
    }

    private async Task<Reason?> ExerciseAsync(
        ConnectionMultiplexer multiplexer, RedisKey key, EndPoint? primary, CancellationToken cancellationToken)
    {
        if (multiplexer.GetServers().Any(server => !server.IsConnected && server.EndPoint.Equals(primary)))
        {
            // A command for it would wait for the client's next attempt to connect, whatever is said of failing fast.
            return Reason.Connect;
        }

        var cache = multiplexer.GetDatabase();
        RedisValue value = Guid.NewGuid().ToString();
        try
        {
            // By name, so that SET, GET and DEL are all that an access control list must allow: StringSetAsync sends SETEX, and
            // KeyDeleteAsync UNLINK.
            await cache.ExecuteAsync("SET", key, value, "EX", (int)_expiry.TotalSeconds).WaitAsync(cancellationToken);
            var read = await cache.StringGetAsync(key).WaitAsync(cancellationToken);
            var deleted = await cache.ExecuteAsync("DEL", key).WaitAsync(cancellationToken);
            return read == value && (int)deleted == 1 ? null : Reason.Mismatch;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ReasonFor(exception);
        }
    }

    /// <summary>
    /// Presents the credentials again. The client goes on without them where they are refused and the server serves the
    /// unauthenticated, and those of a kept connection may have changed since.
    /// </summary>
    private async Task AuthenticateAsync(ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        if (_options.Password is { Length: > 0 } password)
        {
            object[] credentials = _options.User is { Length: > 0 } user ? [user, password] : [password];
            await Task.WhenAll(multiplexer.GetServers().Where(server => server is { IsConnected: true, IsReplica: false })
                .Select(server => server.ExecuteAsync("AUTH", credentials))).WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// The kept connection, or a new one where there is none, it is down, it is <paramref name="stale"/>, or leads to another primary.
    /// </summary>
    private (Task<ConnectionMultiplexer> Connecting, bool IsNew) Connection(EndPoint? primary, Task<ConnectionMultiplexer>? stale)
    {
        lock (_lock)
        {
            if (_connection is not null && _connection != stale && Equals(_connectedTo, primary)
                && (!_connection.IsCompleted || _connection is { IsCompletedSuccessfully: true, Result.IsConnected: true }))
            {
                return (_connection, false);
            }

            RedisConnections.Discard(_connection);
            var options = _options.Clone();
            if (primary is not null)
            {
                options.EndPoints.Clear();
                options.EndPoints.Add(primary);
            }

            options.SetDefaultPorts();
            _connectedTo = primary;
            _connection = RedisConnections.ConnectAsync(options);
            return (_connection, true);
        }
    }

    /// <summary>Has the next run make a connection of its own.</summary>
    private void Drop(Task<ConnectionMultiplexer> connection)
    {
        lock (_lock)
        {
            if (_connection == connection)
            {
                RedisConnections.Discard(_connection);
                _connection = null;
            }
        }
    }
}
