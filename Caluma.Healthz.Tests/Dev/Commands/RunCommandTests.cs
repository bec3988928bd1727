using System.Net.Sockets;
using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;
using Caluma.Healthz.Dev.Setup;
using Caluma.Healthz.Tests.Dev.Demo;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Dev.Commands;

/// <summary>The whole <c>./dev run</c> with its servers and its own state folder.</summary>
[Slow(IsLong = true)]
[Collection(nameof(Builds))]
public sealed class RunCommandTests : IAsyncLifetime
{
    private const string Stamp = "restored";

    /// <summary>What ./dev writes down of the packages that it has restored, which takes long: once for all tests.</summary>
    private static readonly Lazy<Task<string>> _restored = new(RestoreAsync);

    private readonly ServerFolder _folder = new("dev-run");
    private readonly StringWriter _error = new();

    private Workspace Workspace => new(Repository.Root, _folder.PathOf("state"));

    [Fact]
    public async Task Run_once_answers_with_a_history_of_90_days_in_a_folder()
    {
        await using var output = new StringWriter();

        // Twice a week, for a small history.
        var code = await Command(output, "HEALTHZ_SCHEDULE=0 0 12 * * 1,4")
            .RunAsync(FrontDoor.Server, ["--once", "--demo", "--native"], TestContext.Current.CancellationToken);

        Assert.True(code == 0, $"{output}{_error}");
        Assert.Contains("\n  \"databases\": [\n    {\"default\": {\"ok\": true}}\n  ]", $"{output}", StringComparison.Ordinal);
        Assert.Contains("dev: GET /healthz/ answers 200:", $"{_error}", StringComparison.Ordinal);
        var records = Directory.EnumerateFiles(Workspace.PathOf("history-demo/records"), "*.jsonl", SearchOption.AllDirectories);
        DemoDays.AssertAreMondaysAndThursdays(records.Count());
        Assert.Empty(Directory.EnumerateFiles(Workspace.PathOf("azurite"), "*healthz*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Run_stays_until_it_is_stopped_and_leaves_nothing_running()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var file = _folder.PathOf("output");
        await using var output = new StreamWriter(file) { AutoFlush = true };
        var running = Command(output).RunAsync(FrontDoor.Server, [], stop.Token);
        await Deadline.UntilAsync(
            "it says where it is", () => running.IsCompleted || Read(file).TrimEnd().EndsWith("/healthz/ping", StringComparison.Ordinal));
        Assert.False(running.IsCompleted, $"{_error}");
        var port = new Uri(Read(file).TrimEnd().Split('\n')[^1]).Port;

        var another = await Assert.ThrowsAsync<DevException>(() => Command(TextWriter.Null).RunAsync(FrontDoor.Server, [], stop.Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal($"another ./dev is at work in this folder (pid {Environment.ProcessId}); ./dev down stops it.", another.Message);
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync("127.0.0.1", port, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_port_in_use_is_reported()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<DevException>(() =>
            Command(TextWriter.Null).RunAsync(FrontDoor.Server, ["--port", $"{port}"], TestContext.Current.CancellationToken));

        Assert.Equal($"port {port} is taken; please choose another.", refused.Message);
    }

    public async ValueTask InitializeAsync()
    {
        var stamp = await _restored.Value;
        Directory.CreateDirectory(Workspace.State);
        await File.WriteAllTextAsync(Workspace.PathOf(Stamp), stamp, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        _error.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<string> RestoreAsync()
    {
        using var folder = new ServerFolder("dev-restore");
        var workspace = new Workspace(Repository.Root, folder.PathOf("state"));
        Directory.CreateDirectory(workspace.State);
        await using var error = new StringWriter();
        await new Solution(workspace, new Steps(error)).RestoreAsync(TestContext.Current.CancellationToken);
        Assert.Contains("restoring the NuGet packages", $"{error}", StringComparison.Ordinal);
        return await File.ReadAllTextAsync(workspace.PathOf(Stamp), TestContext.Current.CancellationToken);
    }

    private static string Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private RunCommand Command(TextWriter output, params string[] environment)
    {
        var variables = environment.Select(variable => variable.Split('=', 2))
            .ToDictionary(variable => variable[0], variable => variable[1]);
        return new RunCommand(Workspace, new Steps(TextWriter.Synchronized(_error)), output, variables.GetValueOrDefault);
    }
}
