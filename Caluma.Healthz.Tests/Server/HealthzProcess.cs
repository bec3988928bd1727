using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Server;

/// <summary>The command <c>caluma-healthz</c> in its own process and folder.</summary>
internal sealed class HealthzProcess : IAsyncDisposable
{
    private readonly ServerFolder _folder;
    private readonly ServerProcess _process;

    private HealthzProcess(ServerFolder folder, ServerProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Its output.</summary>
    public ServerLog Log => _process.Log;

    /// <summary>Available once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it with settings in its environment.</summary>
    /// <param name="settings">The settings, with <c>:</c> between their parts.</param>
    /// <param name="args">The command line.</param>
    /// <param name="prepare">Writes files into its folder.</param>
    public static HealthzProcess Start(
        IEnumerable<KeyValuePair<string, string?>> settings, IEnumerable<string> args, Action<ServerFolder>? prepare = null)
    {
        var folder = new ServerFolder("caluma-healthz");
        prepare?.Invoke(folder);
        var environment = settings.ToDictionary(
            setting => setting.Key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal), setting => setting.Value);
        return new HealthzProcess(
            folder, ServerProcess.Start(folder, Path.Combine(AppContext.BaseDirectory, "caluma-healthz"), args, environment: environment));
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<HealthzProcess> RunAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, IEnumerable<string> args, Action<ServerFolder>? prepare = null)
    {
        var process = Start(settings, args, prepare);
        await process.UntilEndedAsync();
        return process;
    }

    public Task UntilLoggedAsync(string text) => _process.UntilLoggedAsync(text);

    /// <summary>Waits until it listens, and returns its address.</summary>
    public async Task<Uri> UntilListeningAsync()
    {
        const string listeningOn = "Now listening on: ";
        await UntilLoggedAsync(listeningOn);
        return new Uri($"{Log}".Split(listeningOn)[1].Split('\n')[0]);
    }

    public Task UntilEndedAsync() => _process.UntilEndedAsync();

    public void Send(Signal signal) => _process.Send(signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasEnded)
        {
            await _process.KillAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }
}
