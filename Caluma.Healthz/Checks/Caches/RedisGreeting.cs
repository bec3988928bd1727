using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// What a server says to whoever connects, before it is asked anything, and closes: that it has no connections left, or takes none from
/// this machine (https://github.com/redis/redis/blob/7.4.1/src/networking.c, acceptCommonHandler). The client takes it for the answer to
/// the first command of its handshake, which it does not look at, and knows only that it was cut off. With TLS nothing is said.
/// </summary>
internal static class RedisGreeting
{
    private const int MaxLength = 512;

    /// <summary>A server that has something to say says it at once.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(0.5);

    /// <summary>Connects to all servers, and takes the first refusal.</summary>
    /// <returns>Null where none says anything that is known.</returns>
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
            // It says nothing, or is cut off after it has.
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
