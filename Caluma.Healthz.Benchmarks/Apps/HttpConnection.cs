using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Caluma.Healthz.Benchmarks.Apps;

/// <summary>
/// A connection on which one request follows the other. Less than a client of the framework, so that what is measured is the server.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;

    private HttpConnection()
    {
    }

    /// <summary>Connects; null where nobody listens.</summary>
    public static async Task<HttpConnection?> TryConnectAsync(IPEndPoint server)
    {
        var connection = new HttpConnection();
        try
        {
            await connection._socket.ConnectAsync(server);
            return connection;
        }
        catch (SocketException)
        {
            connection.Dispose();
            return null;
        }
    }

    /// <summary>What is sent to ask for a path.</summary>
    /// <param name="path">With its query.</param>
    /// <param name="key">The key that goes along.</param>
    public static ReadOnlyMemory<byte> Request(string path, string? key = null) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{(key is null ? "" : $"x-functions-key: {key}\r\n")}\r\n");

    /// <summary>Asks, and reads all of the answer.</summary>
    /// <returns>The status and the body.</returns>
    /// <exception cref="IOException">The server has closed the connection.</exception>
    public async Task<(int Status, byte[] Body)> AskAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var head = await HeadAsync();
        var status = int.Parse(head.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
        return (status, LengthIn(head) is { } length ? await TakeAsync(length) : await ChunksAsync());
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>How long the body is; null where it comes in chunks.</summary>
    private static int? LengthIn(string head)
    {
        const string field = "\r\nContent-Length: ";
        var at = head.IndexOf(field, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : int.Parse(head[(at + field.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }

    private async Task<string> HeadAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync();
        }

        // The end of its last line stays.
        var head = Encoding.ASCII.GetString(_buffer, 0, end + 2);
        Drop(end + 4);
        return head;
    }

    private async Task<byte[]> ChunksAsync()
    {
        var body = new MemoryStream();
        while (true)
        {
            int end;
            while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n"u8)) < 0)
            {
                await FillAsync();
            }

            var size = int.Parse(Encoding.ASCII.GetString(_buffer, 0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Drop(end + 2);
            body.Write((await TakeAsync(size + 2)).AsSpan(0, size));
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    private async Task<byte[]> TakeAsync(int size)
    {
        var body = new byte[size];
        var taken = Math.Min(size, _length);
        _buffer.AsSpan(0, taken).CopyTo(body);
        Drop(taken);
        while (taken < size)
        {
            var received = await _socket.ReceiveAsync(body.AsMemory(taken));
            taken += received > 0 ? received : throw new IOException("The connection was closed.");
        }

        return body;
    }

    private async Task FillAsync()
    {
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(_length));
        _length += received > 0 ? received : throw new IOException("The connection was closed.");
    }

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
        _length -= count;
    }
}
