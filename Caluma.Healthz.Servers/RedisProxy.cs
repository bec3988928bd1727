using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A double of a Redis in a state that a test can hardly produce, or of a proxy or service that speaks its protocol. It forwards commands
/// to a real Redis one by one, except those that the test answers with literal bytes.
/// </summary>
internal sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _disposed = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = [];
    private readonly ConcurrentQueue<string> _commands = [];
    private readonly IPEndPoint _upstream;
    private readonly Task _accepting;

    private RedisProxy(IPEndPoint upstream)
    {
        _upstream = upstream;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>
    /// Answers a command, given its upper-case name and its arguments, with a line such as <c>-ERR no</c> or <c>+OK</c>; null to forward
    /// the command.
    /// </summary>
    public Func<IReadOnlyList<string>, string?> Answer { get; set; } = _ => null;

    /// <summary>The line that it sends to each client before it closes the connection; null where it serves clients.</summary>
    public string? Refusal { get; set; }

    /// <summary>The received commands, such as <c>CLIENT SETNAME x</c>.</summary>
    public IReadOnlyCollection<string> Commands => _commands;

    public static RedisProxy Start(IPEndPoint upstream) => new(upstream);

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _disposed.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_disposed.Token);
                var serving = Task.Run(() => ServeAsync(client));
                _connections.TryAdd(serving, true);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                if (Refusal is { } refusal)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"{refusal}\r\n"), _disposed.Token);
                    return;
                }

                using var upstream = new TcpClient();
                await upstream.ConnectAsync(_upstream, _disposed.Token);
                await ServeAsync(new BufferedStream(stream), stream, upstream.GetStream());
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Either side has disconnected.
        }
    }

    private async Task ServeAsync(Stream requests, Stream answers, Stream upstream)
    {
        var replies = new BufferedStream(upstream);
        while (true)
        {
            var raw = new MemoryStream();
            var words = await ReadCommandAsync(requests, raw);
            _commands.Enqueue(string.Join(' ', words));
            words[0] = words[0].ToUpperInvariant();
            if (Answer(words) is { } literal)
            {
                await answers.WriteAsync(Encoding.ASCII.GetBytes($"{literal}\r\n"), _disposed.Token);
                continue;
            }

            await upstream.WriteAsync(raw.ToArray(), _disposed.Token);
            var reply = new MemoryStream();
            await ReadReplyAsync(replies, reply);
            await answers.WriteAsync(reply.ToArray(), _disposed.Token);
        }
    }

    private async Task<List<string>> ReadCommandAsync(Stream stream, MemoryStream raw)
    {
        var count = Number(await ReadLineAsync(stream, raw));
        var words = new List<string>();
        for (; count > 0; count--)
        {
            words.Add(await ReadBulkAsync(stream, raw, Number(await ReadLineAsync(stream, raw))));
        }

        return words;
    }

    /// <remarks>https://redis.io/docs/latest/develop/reference/protocol-spec/</remarks>
    private async Task ReadReplyAsync(Stream stream, MemoryStream raw)
    {
        var line = await ReadLineAsync(stream, raw);
        switch (line[0])
        {
            case '$' or '!' or '=':
                await ReadBulkAsync(stream, raw, Number(line));
                break;
            case '*' or '~' or '>' or '%':
                for (var left = Number(line) * (line[0] == '%' ? 2 : 1); left > 0; left--)
                {
                    await ReadReplyAsync(stream, raw);
                }

                break;
        }
    }

    private static int Number(string line) => int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);

    private async Task<string> ReadBulkAsync(Stream stream, MemoryStream raw, int length)
    {
        if (length < 0)
        {
            return "";
        }

        var bytes = new byte[length + 2];
        await stream.ReadExactlyAsync(bytes, _disposed.Token);
        raw.Write(bytes);
        return Encoding.ASCII.GetString(bytes, 0, length);
    }

    private async Task<string> ReadLineAsync(Stream stream, MemoryStream raw)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (next[0] != '\n')
        {
            await stream.ReadExactlyAsync(next, _disposed.Token);
            raw.Write(next);
            line.Append((char)next[0]);
        }

        return line.ToString(0, line.Length - 2);
    }
}
