using System.Net;
using System.Net.Sockets;
using System.Text;
using Caluma.Healthz.Benchmarks.Alerts;

namespace Caluma.Healthz.Benchmarks.Scale;

/// <summary>
/// Any number of Memcached servers on one port, that keep nothing and answer as late as servers on a network do: 20 ms in the median, with
/// a tail. What they cost is this process's, and not the probe's.
/// </summary>
internal sealed class SimulatedTargets : IAsyncDisposable
{
    private const double MedianMilliseconds = 20;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _accepting;
    private int _open;
    private int _maxOpen;

    public SimulatedTargets()
    {
        const int backlog = 4096;
        _listener.Start(backlog);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were open at once, since the last time that this was asked for.</summary>
    public int TakeMaxOpen() => Interlocked.Exchange(ref _maxOpen, 0);

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _disposed.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_disposed.Token)));
                clients.RemoveAll(client => client.IsCompletedSuccessfully);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        var open = Interlocked.Increment(ref _open);
        for (var max = _maxOpen; open > max && Interlocked.CompareExchange(ref _maxOpen, open, max) != max; max = _maxOpen)
        {
        }

        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            await ConverseAsync(reader, client.GetStream());
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client has left, or this ends.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            client.Dispose();
        }
    }

    private async Task ConverseAsync(StreamReader reader, NetworkStream stream)
    {
        var noise = Noise.LogNormal(0.5);
        var value = "";
        while (await reader.ReadLineAsync(_disposed.Token) is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "set")
            {
                value = await reader.ReadLineAsync(_disposed.Token);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(MedianMilliseconds * noise(Random.Shared)), _disposed.Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(words[0] switch
            {
                "set" => "STORED\r\n",
                "get" => $"VALUE {words[1]} 0 {value!.Length}\r\n{value}\r\nEND\r\n",
                "delete" => "DELETED\r\n",
                _ => "ERROR\r\n",
            }), _disposed.Token);
        }
    }
}
