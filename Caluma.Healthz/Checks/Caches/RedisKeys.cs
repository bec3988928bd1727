using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>The keys that exercise each server of a cache.</summary>
internal static class RedisKeys
{
    /// <summary>An access control list can restrict the probe to these keys.</summary>
    private const string Prefix = "healthz:";

    private const int Slots = 16384;

    /// <summary>
    /// Enough to find a key for a server with a single slot; also ends the search where the map of the cluster contradicts
    /// itself.
    /// </summary>
    private const int MaxAttempts = 20 * Slots;

    /// <summary>
    /// One fresh key. In a cluster one for each primary, since each holds a part of the keys, and one for slots without a primary.
    /// </summary>
    /// <returns>The keys, each with the primary that holds it where that is known.</returns>
    public static async Task<IReadOnlyList<(RedisKey Key, EndPoint? Primary)>> CreateAsync(
        ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        if (await ClusterAsync(multiplexer, cancellationToken) is not { } cluster)
        {
            return [(Create(), null)];
        }

        var primaries = cluster.Nodes.Where(node => !node.IsReplica && node.Slots.Count > 0).ToList();
        var keyless = primaries.Select(node => node.EndPoint).ToHashSet();
        if (primaries.Sum(node => node.Slots.Sum(slots => slots.To - slots.From + 1)) < Slots)
        {
            keyless.Add(null);
        }

        var keys = new List<(RedisKey, EndPoint?)>();
        for (var attempt = 0; attempt < MaxAttempts && keyless.Count > 0; attempt++)
        {
            var key = Create();
            var primary = cluster.GetBySlot(key)?.EndPoint;
            if (keyless.Remove(primary))
            {
                keys.Add((key, primary));
            }
        }

        return keys;
    }

    /// <summary>Which server holds which slots now; null where the server is no cluster.</summary>
    private static async Task<ClusterConfiguration?> ClusterAsync(ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        var server = multiplexer.GetServers()
            .FirstOrDefault(server => server is { IsConnected: true, IsReplica: false, ServerType: ServerType.Cluster });
        try
        {
            return server is null ? null : await server.ClusterNodesAsync().WaitAsync(cancellationToken);
        }
        catch (RedisServerException refusal) when (RedisFailure.ReasonFor(refusal) is Reason.Unknown or Reason.Protocol)
        {
            // A cluster behind a proxy may pass for one server.
            return null;
        }
    }

    private static RedisKey Create() => $"{Prefix}{Guid.NewGuid()}";
}
