using System.Text.Json;
using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Forms;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Server;

/// <summary>
/// The command <c>caluma-healthz</c> in its own process and folder. A run of all tests takes the native program that ships, which starts in
/// a tenth of the time; a run of some takes the one that was built with them, unless the class is marked with a form.
/// </summary>
internal sealed partial class HealthzProcess : IAsyncDisposable
{
    private const string SettingsFile = "appsettings.json";

    /// <summary>The environment variable in which <c>./dev test</c> says which program to take.</summary>
    private const string Form = "HEALTHZ_TEST_PROCESSES";

    private readonly ServerFolder _folder;
    private readonly ServerProcess _process;

    private HealthzProcess(ServerFolder folder, ServerProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Its output.</summary>
    public ServerLog Log => _process.Log;

    /// <summary>Available once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it with settings in its environment.</summary>
    /// <param name="settings">The settings, with <c>:</c> between their parts.</param>
    /// <param name="args">The command line.</param>
    /// <param name="prepare">Writes files into its folder.</param>
    /// <param name="log">Where its output goes; null for a log of its own.</param>
    /// <param name="under">The beginning of a command line that runs it; null for none.</param>
    public static async Task<HealthzProcess> StartAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, IEnumerable<string> args,
        Action<ServerFolder>? prepare = null, ServerLog? log = null, IEnumerable<string>? under = null)
    {
        var program = ProbeFormAttribute.Current is { } form ? await form.FindProgramAsync()
            : Environment.GetEnvironmentVariable(Form) is "native" ? await NativeAttribute.Program
            : BuiltAttribute.Program;
        var folder = new ServerFolder("caluma-healthz");
        var environment = Place(settings, folder);
        prepare?.Invoke(folder);

        // The shell makes its background jobs ignore Ctrl-C, and their processes inherit that.
        return new HealthzProcess(folder, ServerProcess.Start(
            folder, "env", ["--default-signal=INT", .. under ?? [], program, .. args], environment: environment, log: log));
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<HealthzProcess> RunAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, IEnumerable<string> args, Action<ServerFolder>? prepare = null)
    {
        var process = await StartAsync(settings, args, prepare);
        await process.UntilEndedAsync();
        return process;
    }

    /// <summary>
    /// Splits settings between the environment of a program and a file in its folder. The file has those whose names the shell (dash) would
    /// drop from the environment.
    /// </summary>
    /// <returns>The environment.</returns>
    public static Dictionary<string, string?> Place(IEnumerable<KeyValuePair<string, string?>> settings, ServerFolder folder)
    {
        var named = settings.ToDictionary(
            setting => setting.Key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal), setting => setting.Value);
        var other = named.Where(setting => !ShellName().IsMatch(setting.Key)).ToDictionary();
        if (other.Count > 0)
        {
            File.WriteAllText(
                folder.PathOf(SettingsFile),
                JsonSerializer.Serialize(other.Where(setting => setting.Value is not null).ToDictionary(
                    setting => setting.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal),
                    setting => setting.Value)));
        }

        return named.Where(setting => !other.ContainsKey(setting.Key)).ToDictionary();
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

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ShellName();
}
