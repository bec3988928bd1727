using Caluma.Healthz.Tests.Servers;
using StackExchange.Redis;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>When the keys of a cache are gone by themselves.</summary>
internal static class KeyExpiry
{
    /// <summary>For each key the seconds it has left; -1 where it has no end, and -2 where that came just now.</summary>
    public static async Task<IReadOnlyList<long>> SecondsLeftAsync(this RedisDatabase cache)
    {
        var seconds = new List<long>();
        foreach (var key in (RedisKey[])(await cache.ExecuteAsync("KEYS", "*"))!)
        {
            seconds.Add((long)await cache.ExecuteAsync("TTL", key));
        }

        return seconds;
    }
}
