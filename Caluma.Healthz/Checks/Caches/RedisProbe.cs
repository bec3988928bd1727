using System.Net;
using Caluma.Healthz.Configuration;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Exercises a Redis over one connection that is kept between runs. A run that finds the connection down connects anew, so that the verdict
/// is about the server now and not about the client's reconnect schedule. Each run asks Sentinel for the primary; in a cluster each primary
/// gets a key.
/// </summary>
internal sealed class RedisProbe : IProbe, IAsyncDisposable
{
    private readonly string _alias;
    private readonly RedisSentinels? _sentinels;
    private readonly RedisConnectionOwner _connections;
    private readonly RedisExercise _exercise;

    public RedisProbe(RedisCacheOptions options, TimeSpan timeout)
    {
        _alias = options.Alias;
        HostNames = NameLookups.NamesOf(options.Connection.EndPoints.OfType<DnsEndPoint>().Select(server => server.Host));
        var hardened = Restrict(options.Connection.Clone(), timeout);
        if (hardened.ServiceName is { Length: > 0 })
        {
            _sentinels = new RedisSentinels(hardened);
            hardened.ServiceName = null;
        }

        _connections = new RedisConnectionOwner(hardened);
        _exercise = new RedisExercise(options.Connection.Clone(), options.IsOneServer);
    }

    public string Target => _alias;

    public IReadOnlyList<Check> Checks { get; } = [Check.Caches];

    public IReadOnlyList<string> HostNames { get; }

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

        var lease = _connections.Acquire(primary);
        try
        {
            var reason = await ExerciseAsync(lease, run, cancellationToken);
            if (!lease.IsNew && reason is Reason.Connect or Reason.ReadOnly or Reason.Timeout)
            {
                // A connection of an earlier run does not show that the server is up now, nor which server is the primary.
                var stale = lease;
                lease = _connections.Replace(stale);
                stale.Dispose();
                reason = await ExerciseAsync(lease, run, cancellationToken);
            }

            run.Answer(Check.Caches, reason);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            _connections.Discard(lease);
            throw;
        }
        finally
        {
            lease.Dispose();
        }
    }

    public Reason ReasonFor(Exception exception) => RedisFailure.ReasonFor(exception);

    public ValueTask DisposeAsync()
    {
        _connections.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ConfigurationOptions Restrict(ConfigurationOptions options, TimeSpan timeout)
    {
        options.AbortOnConnectFail = true;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectRetry = 1;

        // How long the client waits for one of several servers. The rest of the time is for the others.
        options.ConnectTimeout = (int)Math.Ceiling(timeout.TotalMilliseconds * 3 / 4);

        // The run's token ends everything at the timeout. These timeouts are for calls that take no token.
        options.AsyncTimeout = options.SyncTimeout = (int)Math.Ceiling(timeout.TotalMilliseconds) + 1000;
        options.ClientName ??= "caluma-healthz";

        options.Tunnel = new BoundedReplies();

        // Needed to tell the servers apart. The text of an exception never leaves the classifier.
        options.IncludeDetailInExceptions = true;

        // StackExchange.Redis counts CLUSTER NODES as administration.
        options.AllowAdmin = true;

        // The probe uses neither, so an access control list need not allow them.
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

    private async Task<Reason?> ExerciseAsync(RedisLease lease, ProbeRun run, CancellationToken cancellationToken)
    {
        ConnectionMultiplexer multiplexer;
        try
        {
            multiplexer = await lease.Connecting.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (!lease.IsNew && !cancellationToken.IsCancellationRequested)
        {
            // The attempt was that of an earlier run; this run connects by itself.
            run.Explain(exception);
            return Reason.Connect;
        }

        return await _exercise.RunAsync(multiplexer, run, cancellationToken);
    }
}
