using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>The use of a connection by one run. While any run uses it, nobody closes it.</summary>
internal sealed class RedisLease : IDisposable
{
    private readonly Action _return;
    private int _returned;

    /// <param name="connecting">The connection, once it is made.</param>
    /// <param name="primary">Where it leads to; null for where the settings say.</param>
    /// <param name="isNew">Whether it is made for this run.</param>
    /// <param name="returned">Told once, when the run no longer uses it.</param>
    public RedisLease(Task<ConnectionMultiplexer> connecting, EndPoint? primary, bool isNew, Action returned)
    {
        Connecting = connecting;
        Primary = primary;
        IsNew = isNew;
        _return = returned;
    }

    /// <summary>The connection, once it is made. Fails where it cannot be.</summary>
    public Task<ConnectionMultiplexer> Connecting { get; }

    /// <summary>Where it leads to; null for where the settings say.</summary>
    public EndPoint? Primary { get; }

    /// <summary>Whether it was made for this run; one kept from an earlier run says nothing about the server now.</summary>
    public bool IsNew { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
        {
            _return();
        }
    }
}
