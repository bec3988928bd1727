using Caluma.Healthz.Dev.Setup;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Apps;

/// <summary>The programs that are measured, each published in the form that is shipped when it is first needed.</summary>
/// <param name="folder">Where they are published to.</param>
/// <param name="progress">Told of what is being done.</param>
internal sealed class PublishedApps(string folder, TextWriter progress)
{
    /// <summary>A compiler that makes a native binary, on a machine that is busy with others.</summary>
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(15);

    private static readonly IReadOnlyDictionary<string, string?> _environment = new Dictionary<string, string?>
    {
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    private readonly Dictionary<string, string> _published = [];

    /// <summary>The server and command line: the native program, which the tests ask, too.</summary>
    public async Task<string> ServerAsync()
    {
        const string server = "Caluma.Healthz.Server";
        if (_published.GetValueOrDefault(server) is not { } published)
        {
            await SayAsync(server);
            _published[server] = published = await new NativeServer(Repository.Root).PublishAsync(CancellationToken.None);
        }

        return published;
    }

    /// <summary>An ASP.NET Core app that does nothing.</summary>
    public async Task<string> EmptyAppAsync() => Path.Combine(await PublishAsync("eng/bench/empty-app"), "EmptyApp");

    /// <summary>What a .NET team would write instead.</summary>
    public async Task<string> PeerAsync() => Path.Combine(await PublishAsync("eng/bench/peer"), "Peer");

    /// <summary>The folder of the Functions app.</summary>
    public Task<string> FunctionsAsync() => PublishAsync("Caluma.Healthz.Functions");

    /// <summary>The folder of a Functions app that does nothing.</summary>
    public Task<string> EmptyWorkerAsync() => PublishAsync("eng/bench/empty-worker");

    private async Task<string> PublishAsync(string project)
    {
        if (_published.TryGetValue(project, out var published))
        {
            return published;
        }

        await SayAsync(project);
        var output = Path.Combine(folder, Path.GetFileName(project));
        using var work = new ServerFolder("publish");
        await ServerProcess.RunAsync(
            work,
            "dotnet",
            ["publish", Path.Combine(Repository.Root, project), "-c", "Release", "-o", output, "-v", "quiet", "-nologo"],
            environment: _environment,
            deadline: _deadline);
        return _published[project] = output;
    }

    private Task SayAsync(string project) => progress.WriteLineAsync($"bench: publishing {project}");
}
