using System.Net;
using System.Net.Sockets;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A name server that is silent until it is told to answer, and then knows each name, as 127.0.0.1. A program that runs under its
/// <see cref="CommandOf"/> asks no other: it has a resolv.conf of its own.
/// </summary>
/// <remarks>
/// A resolv.conf has no port, so the server needs port 53, of an address of the loopback network that no other has. For that and for the
/// mount the tests need root, or <c>sysctl net.ipv4.ip_unprivileged_port_start=53</c> and, on Ubuntu,
/// <c>kernel.apparmor_restrict_unprivileged_userns=0</c>.
/// </remarks>
internal sealed class NameServer : IAsyncDisposable
{
    private const int Port = 53;
    private const int HeaderLength = 12;
    private const int TypeOfAddress = 1;

    private readonly ServerFolder _folder = new("names");
    private readonly CancellationTokenSource _disposed = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Task _serving;
    private int _asked;

    private NameServer(IPEndPoint address)
    {
        try
        {
            _socket.Bind(address);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AccessDenied)
        {
            throw new InvalidOperationException(
                "A name server needs port 53: run the tests as root, or after sysctl net.ipv4.ip_unprivileged_port_start=53", exception);
        }

        File.WriteAllText(ConfigPath, $"nameserver {address.Address}\n");
        _serving = ServeAsync();
    }

    /// <summary>Whether it answers. Queries that came before stay without an answer.</summary>
    public bool Answers { get; set; }

    /// <summary>The number of queries so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    private string ConfigPath => _folder.PathOf("resolv.conf");

    /// <summary>Starts one, silent.</summary>
    public static NameServer Start() => new(new IPEndPoint(
        new IPAddress([127, 53, (byte)Random.Shared.Next(256), (byte)Random.Shared.Next(1, 255)]), Port));

    /// <summary>The beginning of a command line that makes a program ask this server.</summary>
    public IEnumerable<string> CommandOf() =>
    [
        "unshare", "--mount", .. Environment.IsPrivilegedProcess ? (string[])[] : ["--map-root-user"],
        "sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", ConfigPath,
    ];

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _serving;
        _socket.Dispose();
        _disposed.Dispose();
        _folder.Dispose();
    }

    private async Task ServeAsync()
    {
        var query = new byte[512];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(query, new IPEndPoint(IPAddress.Any, 0), _disposed.Token);
                Interlocked.Increment(ref _asked);
                if (Answers)
                {
                    await _socket.SendToAsync(AnswerTo(query), received.RemoteEndPoint, _disposed.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>The address to a query for one, and nothing to another: https://www.rfc-editor.org/rfc/rfc1035#section-4.1.</summary>
    private static byte[] AnswerTo(ReadOnlySpan<byte> query)
    {
        var endOfName = HeaderLength + query[HeaderLength..].IndexOf((byte)0) + 1;
        var question = query[HeaderLength..(endOfName + 4)];
        var isForAddress = question[^3] == TypeOfAddress;
        byte[] address = isForAddress ? [0xc0, HeaderLength, 0, TypeOfAddress, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1] : [];
        return [query[0], query[1], 0x81, 0x80, 0, 1, 0, (byte)(isForAddress ? 1 : 0), 0, 0, 0, 0, .. question, .. address];
    }
}
