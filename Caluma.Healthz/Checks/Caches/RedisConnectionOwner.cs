using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Owns the connections to one cache. One is kept between runs; it is left for a new one where it is down, a run has found it stale or
/// hanging, or it leads to another primary. Runs overlap: one that is left is closed when the last run that uses it has returned it, so
/// that no run can close it under another.
/// </summary>
internal sealed class RedisConnectionOwner(ConfigurationOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private Connection? _kept;
    private bool _disposed;

    /// <summary>The kept connection, or a new one where there is none that is fit.</summary>
    /// <param name="primary">Where it must lead to; null for where the settings say.</param>
    public RedisLease Take(EndPoint? primary)
    {
        lock (_lock)
        {
            return _kept is { } kept && Equals(kept.Primary, primary) && kept.MayBeUp ? Lend(kept, isNew: false) : LendNew(primary);
        }
    }

    /// <summary>Another connection in the place of one that a run has found to be of no use.</summary>
    public RedisLease TakeInsteadOf(RedisLease stale)
    {
        lock (_lock)
        {
            // Another run may have found it stale too, and made a new one already.
            return _kept is { } kept && kept.Connecting != stale.Connecting && Equals(kept.Primary, stale.Primary) && kept.MayBeUp
                ? Lend(kept, isNew: true)
                : LendNew(stale.Primary);
        }
    }

    /// <summary>Has the next run make a connection of its own: what hung may hang for good, where a new one would come through.</summary>
    public void Leave(RedisLease hung)
    {
        lock (_lock)
        {
            if (_kept?.Connecting == hung.Connecting)
            {
                LeaveKept();
            }
        }
    }

    /// <summary>Closes what is kept, once nobody uses it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            LeaveKept();
        }
    }

    private RedisLease LendNew(EndPoint? primary)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        LeaveKept();
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

    private void LeaveKept()
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
