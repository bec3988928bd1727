using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Bounds what a Redis may send over one connection: the client keeps a reply in memory until it has all of it, and a reply may say that
/// it is 2 GB long.
/// </summary>
internal sealed class BoundedReplies : Tunnel
{
    public override ValueTask<Stream?> BeforeAuthenticateAsync(
        EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken) =>
        new(socket is null ? null : new BoundedConnection(new NetworkStream(socket, ownsSocket: true), TimeProvider.System));
}
