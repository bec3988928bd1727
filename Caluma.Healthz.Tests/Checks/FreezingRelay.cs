using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>Forwards connections, and can silently drop the open ones, like routers and failovers. New connections work.</summary>
internal sealed class FreezingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly IPEndPoint _upstream;
    private readonly Task _accepting;
    private volatile CancellationTokenSource _passing = new();

    public FreezingRelay(IPEndPoint upstream)
    {
        _upstream = upstream;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Drops the open connections.</summary>
    public Task FreezeAsync() => Interlocked.Exchange(ref _passing, new CancellationTokenSource()).CancelAsync();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        await FreezeAsync();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _sockets.Add(client);
                _sockets.Add(server);
                await server.ConnectAsync(_upstream);
                _ = PassAsync(client, server, _passing.Token);
                _ = PassAsync(server, client, _passing.Token);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The listener is closed.
                return;
            }
        }
    }

    private static async Task PassAsync(Socket from, Socket to, CancellationToken passing)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, passing) is var count and > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, count), passing);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection was dropped or has ended.
        }
    }
}
