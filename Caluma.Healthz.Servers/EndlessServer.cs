using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Caluma.Healthz.Servers;

/// <summary>A server whose answer has no end: it sends the same bytes again and again until the client closes the connection.</summary>
internal sealed class EndlessServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _disposed = new();
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _heads;
    private readonly ReadOnlyMemory<byte> _rest;
    private readonly Task _serving;
    private long _max;
    private int _open;

    private EndlessServer(IReadOnlyList<ReadOnlyMemory<byte>> heads, ReadOnlyMemory<byte> rest)
    {
        (_heads, _rest) = (heads, rest);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The maximum number of bytes that one client has taken.</summary>
    public long MaxSent => Interlocked.Read(ref _max);

    /// <summary>The number of open connections.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Starts a server.</summary>
    /// <param name="heads">The answers to the first requests of a connection, one after the other.</param>
    /// <param name="rest">What follows the last of them without end, at least a few KB, so that it is sent fast.</param>
    public static EndlessServer Start(IReadOnlyList<ReadOnlyMemory<byte>> heads, ReadOnlyMemory<byte> rest) => new(heads, rest);

    /// <summary>Starts a server with one answer in text.</summary>
    public static EndlessServer Start(string head, string rest) =>
        new(
            [Encoding.ASCII.GetBytes(head)],
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(rest, (16 * 1024 / rest.Length) + 1))));

    /// <summary>Waits until all clients have closed their connections.</summary>
    public Task UntilNoneOpenAsync() =>
        Deadline.UntilAsync($"the connections to {Port} are closed", () => Open == 0);

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _serving;
        _listener.Dispose();
        _disposed.Dispose();
    }

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_disposed.Token);
                Interlocked.Increment(ref _open);
                clients.Add(AnswerAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        await Task.WhenAll(clients);
    }

    private async Task AnswerAsync(Socket client)
    {
        await Task.Yield();
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            var request = new byte[4096];
            foreach (var head in _heads)
            {
                if (await stream.ReadAsync(request, _disposed.Token) == 0)
                {
                    return;
                }

                await stream.WriteAsync(head, _disposed.Token);
            }

            for (var sent = 0L; ; Raise(sent))
            {
                await stream.WriteAsync(_rest, _disposed.Token);
                sent += _rest.Length;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The client has closed the connection.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private void Raise(long sent)
    {
        for (var max = MaxSent; sent > max; max = MaxSent)
        {
            Interlocked.CompareExchange(ref _max, sent, max);
        }
    }
}
