using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Reads the refusal that a server sends right after a client connects, before it closes the connection: no connections are left, or
/// protected mode refuses this machine (https://github.com/redis/redis/blob/7.4.1/src/networking.c, acceptCommonHandler). The client takes
/// the refusal for the answer to its first command, ignores it, and reports only a closed connection. With TLS the server sends none.
/// </summary>
internal static class RedisGreeting
{
    private const int MaxLength = 512;

    /// <summary>A refusal comes at once.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(0.5);

    /// <summary>Connects to all servers and returns the first refusal.</summary>
    /// <returns>Null where no server sends a known refusal.</returns>
    public static async Task<RedisServerException?> ReadAsync(IEnumerable<EndPoint> servers)
    {
        var refusals = await Task.WhenAll(servers.Select(ReadAsync));
        return refusals.FirstOrDefault(refusal => refusal is not null);
    }

    private static async Task<RedisServerException?> ReadAsync(EndPoint server)
    {
        using var patience = new CancellationTokenSource(_patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var buffer = new byte[MaxLength];
        var length = 0;
        try
        {
            await socket.ConnectAsync(server, patience.Token);
            while (length < MaxLength && !buffer.AsSpan(0, length).Contains((byte)'\n')
                && await socket.ReceiveAsync(buffer.AsMemory(length), patience.Token) is var count and > 0)
            {
                length += count;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The server sends nothing, or closes the connection after a part.
        }

        if (length == 0 || buffer[0] != '-')
        {
            return null;
        }

        var refusal = Encoding.ASCII.GetString(buffer, 1, length - 1).Split('\r', '\n')[0];
        return RedisErrors.ReasonFor(refusal) is Reason.Unknown ? null
            : new RedisServerException(RedisErrorKind.Unknown, CommandFlags.None, refusal);
    }
}
