using StackExchange.Redis;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>Reads when the keys of a cache expire.</summary>
internal static class KeyExpiry
{
    /// <summary>The remaining seconds of each key; -1 for a key that does not expire, -2 for one that has just expired.</summary>
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
