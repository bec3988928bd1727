using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>The command <c>caluma-healthz</c> as a process of its own, which a test can kill.</summary>
internal sealed partial class ProbeProcess : IAsyncDisposable
{
    private readonly ServerFolder _folder = new("probe");
    private readonly ServerProcess _process;

    private ProbeProcess(CalumaDeployment deployment, IEnumerable<string> arguments) => _process = ServerProcess.Start(
        _folder,
        Executable.Find("dotnet"),
        [Path.Combine(AppContext.BaseDirectory, "caluma-healthz.dll"), .. arguments],
        environment: deployment.Settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));

    public static ProbeProcess Check(CalumaDeployment deployment) => new(deployment, ["check"]);

    /// <summary>Starts <c>serve</c>, and gives a client of it too.</summary>
    public static async Task<(ProbeProcess Process, HttpClient Client)> ServeAsync(CalumaDeployment deployment)
    {
        deployment.Settings.Remove("Logging:Console:LogLevel:Default");
        var probe = new ProbeProcess(deployment, ["serve", "--urls", "http://127.0.0.1:0", "--no-auth"]);
        try
        {
            await probe._process.UntilLoggedAsync("Now listening on");
            return (probe, new HttpClient { BaseAddress = new Uri(Address().Match(probe._process.Log.ToString()).Groups[1].Value) });
        }
        catch
        {
            await probe.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does, and waits until it is gone.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasEnded)
        {
            await _process.KillAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex("Now listening on: (http://[0-9.:]+)")]
    private static partial Regex Address();
}
