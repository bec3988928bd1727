using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>The use of a connection by one run. A connection stays open while any run uses it.</summary>
/// <param name="connecting">The connection, once it is made; fails where none can be made.</param>
/// <param name="primary">The primary it leads to; null for the server of the settings.</param>
/// <param name="isNew">Whether it was made for this run.</param>
/// <param name="release">Called once, when the run no longer uses it.</param>
internal sealed class RedisLease(Task<ConnectionMultiplexer> connecting, EndPoint? primary, bool isNew, Action release) : IDisposable
{
    private int _isReleased;

    /// <summary>The connection; fails where none can be made.</summary>
    public Task<ConnectionMultiplexer> Connecting => connecting;

    /// <summary>The primary it leads to; null for the server of the settings.</summary>
    public EndPoint? Primary => primary;

    /// <summary>Whether it was made for this run. A connection of an earlier run does not show that the server is up now.</summary>
    public bool IsNew => isNew;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            release();
        }
    }
}
