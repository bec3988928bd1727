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
    private Connection? _current;
    private bool _disposed;

    /// <summary>The current connection if it is usable, else a new one.</summary>
    /// <param name="primary">The primary it must lead to; null for the server of the settings.</param>
    public RedisLease Acquire(EndPoint? primary)
    {
        lock (_lock)
        {
            return Usable(primary) is { } current ? CreateLease(current, isNew: false) : AcquireNew(primary);
        }
    }

    /// <summary>Replaces a connection that a run found unusable.</summary>
    public RedisLease Replace(RedisLease stale)
    {
        lock (_lock)
        {
            // Another run may have replaced it already.
            return Usable(stale.Primary) is { } current && current.Connecting != stale.Connecting
                ? CreateLease(current, isNew: true)
                : AcquireNew(stale.Primary);
        }
    }

    /// <summary>Makes the next run connect anew: a connection that hangs may hang for ever while new ones work.</summary>
    public void Discard(RedisLease hung)
    {
        lock (_lock)
        {
            if (_current?.Connecting == hung.Connecting)
            {
                DropCurrent();
            }
        }
    }

    /// <summary>Closes the current connection once no run uses it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            DropCurrent();
        }
    }

    private Connection? Usable(EndPoint? primary) =>
        _current is { MayBeUp: true } current && Equals(current.Primary, primary) ? current : null;

    private RedisLease AcquireNew(EndPoint? primary)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        DropCurrent();
        var copy = options.Clone();
        if (primary is not null)
        {
            copy.EndPoints.Clear();
            copy.EndPoints.Add(primary);
        }

        copy.SetDefaultPorts();
        _current = new Connection(RedisConnections.ConnectAsync(copy), primary);
        return CreateLease(_current, isNew: true);
    }

    private RedisLease CreateLease(Connection connection, bool isNew)
    {
        connection.Users++;
        return new RedisLease(connection.Connecting, connection.Primary, isNew, () => Release(connection));
    }

    private void Release(Connection connection)
    {
        lock (_lock)
        {
            connection.Users--;
            CloseIfUnused(connection);
        }
    }

    private void DropCurrent()
    {
        if (_current is { } left)
        {
            _current = null;
            CloseIfUnused(left);
        }
    }

    private void CloseIfUnused(Connection connection)
    {
        if (connection.Users == 0 && connection != _current)
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
