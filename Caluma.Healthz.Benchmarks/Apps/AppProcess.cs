using System.Diagnostics;
using System.Globalization;
using System.Text;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Apps;

/// <summary>A server that is measured, as a process of its own on a free port.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private const int MaxAsksAgain = 10;

    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan _maxStart = TimeSpan.FromMinutes(5);

    private readonly ServerFolder _folder = new("app");
    private readonly PortReservation _port = new();
    private readonly long _start;
    private readonly ServerProcess _process;

    private AppProcess(string program, IReadOnlyDictionary<string, string?> settings, IEnumerable<string> arguments)
    {
        var port = _port.Port.ToString(CultureInfo.InvariantCulture);
        _start = Stopwatch.GetTimestamp();
        _process = ServerProcess.Start(
            _folder, program, [.. arguments, "--urls", $"http://127.0.0.1:{port}"], environment: settings);
    }

    public ProcessUsage Usage => ProcessUsage.Of(_process.Id);

    /// <summary>How long ago it was started.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_start);

    /// <summary>Starts the probe.</summary>
    public static AppProcess StartProbe(string program, IReadOnlyDictionary<string, string?> settings) => new(program, settings, ["serve"]);

    /// <summary>Starts an app that takes <c>--urls</c>.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="settings">Set in its environment.</param>
    public static AppProcess Start(string program, IReadOnlyDictionary<string, string?> settings) => new(
        program, new Dictionary<string, string?>(settings) { ["Logging__LogLevel__Default"] = "Warning" }, []);

    /// <summary>Connects as soon as it listens.</summary>
    public async Task<HttpConnection> ConnectAsync()
    {
        while (true)
        {
            if (await HttpConnection.TryConnectAsync(_port.EndPoint) is { } connection)
            {
                return connection;
            }

            if (_process.HasEnded || Age > _maxStart)
            {
                throw new InvalidOperationException($"The app does not listen:{Environment.NewLine}{_process.Log}");
            }

            await Task.Delay(_pollInterval);
        }
    }

    /// <summary>
    /// Asks on a connection, and fails where the answer is not 200. On a machine that is busy with others a deadline of the probe may pass
    /// (503): then it is asked again, and what that takes is measured.
    /// </summary>
    /// <returns>How long it took, in milliseconds, and the body.</returns>
    public async Task<(double Milliseconds, byte[] Body)> AskAsync(HttpConnection connection, ReadOnlyMemory<byte> request)
    {
        var start = Stopwatch.GetTimestamp();
        var (status, body) = await connection.AskAsync(request);
        for (var again = 0; status == 503 && again < MaxAsksAgain; again++)
        {
            (status, body) = await connection.AskAsync(request);
        }

        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return status == 200 ? (elapsed, body) : throw new InvalidOperationException(
            $"The app has answered {status}:{Environment.NewLine}{Encoding.UTF8.GetString(body)}{_process.Log}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.KillAsync();
        _process.Dispose();
        _folder.Dispose();
        _port.Dispose();
    }
}
