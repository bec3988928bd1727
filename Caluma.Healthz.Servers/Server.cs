using System.Net;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A real server in a temporary folder and on a loopback port of its own, which stay the same while it stops, starts and
/// hangs. Gone, with all its processes, at the latest when the test process is.
/// </summary>
internal abstract class Server : IAsyncDisposable
{
    private readonly PortReservation _port;
    private ServerProcess? _process;
    private bool _paused;

    /// <param name="name">What its folder is named after.</param>
    /// <param name="port">Where it listens, from now on its own; null for any free port.</param>
    protected Server(string name, PortReservation? port = null)
    {
        Folder = new ServerFolder(name);
        _port = port ?? new PortReservation();
    }

    public static string Host => "127.0.0.1";

    public IPEndPoint EndPoint => _port.EndPoint;

    public int Port => _port.Port;

    /// <summary>What it has written since it was created.</summary>
    public ServerLog Log { get; } = new();

    /// <summary>Whether its process runs; a paused one does.</summary>
    public bool Runs => _process is { HasEnded: false };

    /// <summary>Whether it is there for clients.</summary>
    public bool Serves => Runs && !_paused;

    /// <summary>Ends when its process does; only once it has started.</summary>
    public Task Ended => _process?.Ended ?? throw new InvalidOperationException("The server does not run.");

    /// <summary>Its processes, the helper processes of PostgreSQL included.</summary>
    public IReadOnlyList<int> ProcessIds => _process is null ? [] : ProcessTree.Of(_process.Id);

    protected ServerFolder Folder { get; }

    /// <summary>What it writes when it is ready for clients.</summary>
    protected abstract string ReadyText { get; }

    /// <summary>The signal upon which it ends in an orderly way, without waiting for its clients to go.</summary>
    protected virtual Signal StopSignal => Signal.Terminate;

    /// <summary>The signal upon which it ends at once.</summary>
    protected virtual Signal DisposalSignal => Signal.Kill;

    /// <summary>Starts it, where it does not run, and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        if (Runs)
        {
            return;
        }

        _process?.Dispose();
        _paused = false;
        var from = Log.Count;
        _process = StartProcess();
        await _process.UntilLoggedAsync(ReadyText, from);
    }

    /// <summary>Stops it in an orderly way, where it runs, and waits until it is gone. Its port then refuses connections.</summary>
    public Task StopAsync() => StopAsync(StopSignal);

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Kills it with all its processes, as a power cut would, and waits until it is gone.</summary>
    public Task KillAsync() => _process is { HasEnded: false } ? _process.KillAsync() : Task.CompletedTask;

    /// <summary>
    /// Makes it hang, with all its processes: its port still accepts connections (the kernel does that), and nothing is
    /// answered, on old ones either.
    /// </summary>
    public void Pause()
    {
        _paused = true;
        _process?.SendToAll(Signal.Stop);
    }

    /// <summary>Ends the hang; what was asked meanwhile is answered now.</summary>
    public void Resume()
    {
        _paused = false;
        _process?.SendToAll(Signal.Continue);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync(DisposalSignal);
        }
        finally
        {
            await KillAsync();
        }

        _process?.Dispose();
        _process = null;
        await DisposeBackendAsync();
        Folder.Dispose();
        _port.Dispose();
    }

    /// <summary>Prepares a server and starts it; what was prepared is removed where that fails.</summary>
    protected static async Task<T> StartAsync<T>(T server, Func<T, Task>? prepare = null)
        where T : Server
    {
        try
        {
            if (prepare is not null)
            {
                await prepare(server);
            }

            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    protected abstract ServerProcess StartProcess();

    /// <summary>Ends what it needs besides its process, which has ended.</summary>
    protected virtual ValueTask DisposeBackendAsync() => ValueTask.CompletedTask;

    protected async Task StopAsync(Signal signal)
    {
        if (_process is null or { HasEnded: true })
        {
            return;
        }

        _process.Send(signal);

        // A paused process does not see the signal.
        Resume();
        await _process.UntilEndedAsync();
    }

    /// <summary>Sends a signal to its main process and waits until it writes what it does upon that.</summary>
    protected async Task SendAsync(Signal signal, string untilLogged)
    {
        if (_process is null)
        {
            throw new InvalidOperationException("The server does not run.");
        }

        var from = Log.Count;
        _process.Send(signal);
        await _process.UntilLoggedAsync(untilLogged, from);
    }
}
