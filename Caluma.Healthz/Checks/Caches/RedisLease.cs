using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>The use of a connection by one run. A connection stays open while any run uses it.</summary>
internal sealed class RedisLease : IDisposable
{
    private readonly Action _return;
    private int _returned;

    /// <param name="connecting">The connection, once it is made.</param>
    /// <param name="primary">The primary it leads to; null for the server of the settings.</param>
    /// <param name="isNew">Whether it was made for this run.</param>
    /// <param name="returned">Called once, when the run no longer uses it.</param>
    public RedisLease(Task<ConnectionMultiplexer> connecting, EndPoint? primary, bool isNew, Action returned)
    {
        Connecting = connecting;
        Primary = primary;
        IsNew = isNew;
        _return = returned;
    }

    /// <summary>The connection; fails where none can be made.</summary>
    public Task<ConnectionMultiplexer> Connecting { get; }

    /// <summary>The primary it leads to; null for the server of the settings.</summary>
    public EndPoint? Primary { get; }

    /// <summary>Whether it was made for this run. A connection of an earlier run does not show that the server is up now.</summary>
    public bool IsNew { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
        {
            _return();
        }
    }
}
