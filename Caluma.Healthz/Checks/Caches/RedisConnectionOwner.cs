using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Owns the connections to one cache. One connection is kept between runs. A new one replaces it when it is down, stale, hanging or leads
/// to an old primary. Runs overlap, so a replaced connection is closed when the last run that uses it returns it.
/// </summary>
internal sealed class RedisConnectionOwner(ConfigurationOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private Connection? _kept;
    private bool _disposed;

    /// <summary>The kept connection if it is usable, else a new one.</summary>
    /// <param name="primary">The primary it must lead to; null for the server of the settings.</param>
    public RedisLease Take(EndPoint? primary)
    {
        lock (_lock)
        {
            return _kept is { } kept && Equals(kept.Primary, primary) && kept.MayBeUp ? Lend(kept, isNew: false) : LendNew(primary);
        }
    }

    /// <summary>Replaces a connection that a run found unusable.</summary>
    public RedisLease TakeInsteadOf(RedisLease stale)
    {
        lock (_lock)
        {
            // Another run may have replaced it already.
            return _kept is { } kept && kept.Connecting != stale.Connecting && Equals(kept.Primary, stale.Primary) && kept.MayBeUp
                ? Lend(kept, isNew: true)
                : LendNew(stale.Primary);
        }
    }

    /// <summary>Makes the next run connect anew: a connection that hangs may hang for ever while new ones work.</summary>
    public void Leave(RedisLease hung)
    {
        lock (_lock)
        {
            if (_kept?.Connecting == hung.Connecting)
            {
                DropKept();
            }
        }
    }

    /// <summary>Closes the kept connection once no run uses it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            DropKept();
        }
    }

    private RedisLease LendNew(EndPoint? primary)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        DropKept();
        var copy = options.Clone();
        if (primary is not null)
        {
            copy.EndPoints.Clear();
            copy.EndPoints.Add(primary);
        }

        copy.SetDefaultPorts();
        _kept = new Connection(RedisConnections.ConnectAsync(copy), primary);
        return Lend(_kept, isNew: true);
    }

    private RedisLease Lend(Connection connection, bool isNew)
    {
        connection.Users++;
        return new RedisLease(connection.Connecting, connection.Primary, isNew, () => Return(connection));
    }

    private void Return(Connection connection)
    {
        lock (_lock)
        {
            connection.Users--;
            CloseIfUnused(connection);
        }
    }

    private void DropKept()
    {
        if (_kept is { } left)
        {
            _kept = null;
            CloseIfUnused(left);
        }
    }

    private void CloseIfUnused(Connection connection)
    {
        if (connection.Users == 0 && connection != _kept)
        {
            RedisConnections.Discard(connection.Connecting);
        }
    }

    private sealed class Connection(Task<ConnectionMultiplexer> connecting, EndPoint? primary)
    {
        public Task<ConnectionMultiplexer> Connecting => connecting;

        public EndPoint? Primary => primary;

        public int Users { get; set; }

        public bool MayBeUp => !connecting.IsCompleted || connecting is { IsCompletedSuccessfully: true, Result.IsConnected: true };
    }
}
