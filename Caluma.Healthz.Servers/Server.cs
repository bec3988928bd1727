using System.Net;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A real server with its own temporary folder and loopback port, which stay the same while it stops, starts and hangs. It ends, with all
/// its processes, at the latest with the process that started it.
/// </summary>
internal abstract class Server : IAsyncDisposable
{
    private readonly PortReservation _port;
    private ServerProcess? _process;
    private bool _paused;

    /// <param name="name">The name of its folder.</param>
    /// <param name="port">The port, which the server then owns; null for any free port.</param>
    protected Server(string name, PortReservation? port = null)
    {
        Folder = new ServerFolder(name);
        _port = port ?? new PortReservation();
    }

    public static string Host => "127.0.0.1";

    public IPEndPoint EndPoint => _port.EndPoint;

    public int Port => _port.Port;

    /// <summary>Its output since it was created.</summary>
    public ServerLog Log { get; } = new();

    /// <summary>Whether its process runs; a paused process runs, too.</summary>
    public bool Runs => _process is { HasEnded: false };

    /// <summary>Whether it serves clients.</summary>
    public bool Serves => Runs && !_paused;

    /// <summary>Completes when its process ends; available once it has started.</summary>
    public Task Ended => _process?.Ended ?? throw new InvalidOperationException("The server does not run.");

    /// <summary>Its processes, including the helper processes of PostgreSQL.</summary>
    public IReadOnlyList<int> ProcessIds => _process is null ? [] : ProcessTree.Of(_process.Id);

    protected ServerFolder Folder { get; }

    /// <summary>The text that it writes when it is ready for clients.</summary>
    protected abstract string ReadyText { get; }

    /// <summary>The signal for an orderly end that does not wait for clients.</summary>
    protected virtual Signal StopSignal => Signal.Terminate;

    /// <summary>The signal for an immediate end.</summary>
    protected virtual Signal DisposalSignal => Signal.Kill;

    /// <summary>Starts it if it does not run, and waits until it is ready.</summary>
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

    /// <summary>Stops it in an orderly way if it runs, and waits until it has ended. Its port then refuses connections.</summary>
    public Task StopAsync() => StopAsync(StopSignal);

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Kills it with all its processes, and waits until it has ended.</summary>
    public Task KillAsync() => _process is { HasEnded: false } ? _process.KillAsync() : Task.CompletedTask;

    /// <summary>
    /// Makes it hang with all its processes: its port still accepts connections (the kernel does that), but no connection gets an answer.
    /// </summary>
    public void Pause()
    {
        _paused = true;
        _process?.SendToAll(Signal.Stop);
    }

    /// <summary>Ends the hang; requests that came meanwhile are answered now.</summary>
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

    /// <summary>Prepares and starts a server, and removes its files if that fails.</summary>
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

    /// <summary>Ends its companions after its own process has ended.</summary>
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

    /// <summary>Sends a signal to its main process and waits for the text that it then writes.</summary>
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
