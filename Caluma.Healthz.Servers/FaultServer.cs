using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A TCP server in this process that misbehaves on cue, in front of a real server or alone. Its mode can be changed at any time, and takes
/// effect at once, for open connections, too.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private const int Backlog = 512;
    private const string SynSent = "02";

    private readonly PortReservation _port = new();
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly HashSet<FaultConnection> _connections = [];
    private readonly HashSet<Task> _tasks = [];
    private TaskCompletionSource _modeChanged = NewModeChanged();
    private FaultMode _mode;
    private Socket? _listener;
    private Socket? _filler;
    private int _accepted;
    private long _requestBytes;

    private FaultServer(FaultMode mode, IPEndPoint? upstream, X509Certificate2? certificate)
    {
        Upstream = upstream;
        Certificate = certificate;
        _mode = Possible(mode);
        Listen();
    }

    /// <summary>Its address.</summary>
    public IPEndPoint EndPoint => _port.EndPoint;

    public int Port => _port.Port;

    /// <summary>The real server behind it.</summary>
    public IPEndPoint? Upstream { get; }

    /// <summary>With a certificate the server speaks TLS with its clients, and the modes apply inside of TLS.</summary>
    public X509Certificate2? Certificate { get; }

    public FaultMode Mode
    {
        get
        {
            lock (_lock)
            {
                return _mode;
            }
        }

        set => Change(value);
    }

    /// <summary>The number of accepted connections.</summary>
    public int Accepted
    {
        get
        {
            lock (_lock)
            {
                return _accepted;
            }
        }
    }

    /// <summary>The number of open connections.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>The number of bytes from clients, forwarded or not, which shows that a client has sent a request.</summary>
    public long RequestBytes => Interlocked.Read(ref _requestBytes);

    /// <summary>The number of clients whose connection attempts wait, for <see cref="FaultMode.BlackHole"/>.</summary>
    public int Connecting => File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Count(fields => fields[3] == SynSent && fields[2].EndsWith($":{Port:X4}", StringComparison.Ordinal));

    /// <summary>Starts a server.</summary>
    /// <param name="mode">The first mode.</param>
    /// <param name="upstream">The real server behind it, for the modes that forward.</param>
    /// <param name="certificate">See <see cref="Certificate"/>.</param>
    public static FaultServer Start(FaultMode mode, IPEndPoint? upstream = null, X509Certificate2? certificate = null) =>
        new(mode, upstream, certificate);

    /// <summary>Waits until a client has sent a request.</summary>
    public Task UntilAskedAsync() => Deadline.UntilAsync($"a client asks {this}", () => RequestBytes > 0);

    /// <summary>Waits until a connection attempt waits.</summary>
    public Task UntilConnectingAsync() => Deadline.UntilAsync($"a client tries to connect to {this}", () => Connecting > 0);

    /// <summary>Waits until all connections are closed.</summary>
    public Task UntilNoneOpenAsync() =>
        Deadline.UntilAsync($"the connections to {this} are closed", () => Open == 0);

    public override string ToString() => $"{EndPoint} ({Mode})";

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            StopListening();
        }

        await _disposed.CancelAsync();
        while (TakeTasks() is { Count: > 0 } tasks)
        {
            await Task.WhenAll(tasks);
        }

        _disposed.Dispose();
        _port.Dispose();
    }

    internal void Asked(int bytes) => Interlocked.Add(ref _requestBytes, bytes);

    /// <summary>Completes when the mode changes.</summary>
    internal Task UntilChangedAsync(FaultMode mode)
    {
        lock (_lock)
        {
            return _mode == mode ? _modeChanged.Task : Task.CompletedTask;
        }
    }

    private static TaskCompletionSource NewModeChanged() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(FaultMode mode)
    {
        TaskCompletionSource changed;
        FaultConnection[] cut;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
            var previous = _mode;
            _mode = Possible(mode);
            if ((previous.Listens, previous.Accepts) != (mode.Listens, mode.Accepts))
            {
                StopListening();
                Listen();
            }

            cut = mode.Listens ? [] : [.. _connections];
            changed = _modeChanged;
            _modeChanged = NewModeChanged();
        }

        foreach (var connection in cut)
        {
            connection.Reset();
        }

        changed.SetResult();
    }

    private FaultMode Possible(FaultMode mode) => Upstream is null && mode.NeedsUpstream
        ? throw new InvalidOperationException($"{mode} needs an upstream.")
        : mode;

    private void Listen()
    {
        if (!_mode.Listens)
        {
            return;
        }

        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        LoopbackSocket.ReuseAddress(_listener);
        LoopbackSocket.Bind(_listener, EndPoint);
        if (_mode.Accepts)
        {
            _listener.Listen(Backlog);
            Track(AcceptAsync(_listener));
        }
        else
        {
            // A connection that is not accepted fills the queue; the kernel then ignores further attempts.
            _listener.Listen(0);
            _filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _filler.Connect(EndPoint);
        }
    }

    private void StopListening()
    {
        _filler?.Dispose();
        _filler = null;
        _listener?.Dispose();
        _listener = null;
    }

    private async Task AcceptAsync(Socket listener)
    {
        // The constructor and the mode's setter, which hold the lock, must not wait for a client.
        await Task.Yield();
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The listener is closed.
                return;
            }

            lock (_lock)
            {
                if (listener == _listener)
                {
                    _accepted++;
                    var connection = new FaultConnection(this, client);
                    _connections.Add(connection);
                    Track(RunAsync(connection));
                    continue;
                }
            }

            // The connection came while the mode changed.
            FaultConnection.Reset(client);
        }
    }

    private async Task RunAsync(FaultConnection connection)
    {
        await Task.Yield();
        try
        {
            await connection.RunAsync(_disposed.Token);
        }
        finally
        {
            lock (_lock)
            {
                _connections.Remove(connection);
            }
        }
    }

    private void Track(Task task)
    {
        // Failures are kept and reported at the end.
        _tasks.RemoveWhere(tracked => tracked.IsCompletedSuccessfully);
        _tasks.Add(task);
    }

    private List<Task> TakeTasks()
    {
        lock (_lock)
        {
            List<Task> tasks = [.. _tasks];
            _tasks.Clear();
            return tasks;
        }
    }
}
