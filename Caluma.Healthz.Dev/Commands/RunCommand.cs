using System.Net.Sockets;
using Caluma.Healthz.Dev.Demo;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;
using Caluma.Healthz.Servers;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev run</c> and <c>./dev func</c>: sets everything up, starts the probe, prints one report, and stays.</summary>
internal sealed class RunCommand(Workspace workspace, Steps steps, TextWriter output, Func<string, string?> environment)
{
    private const int FirstPort = 7071;
    private const string AppFolder = "Caluma.Healthz.Functions/bin/Debug/net10.0";
    private const string ServerProgram = "Caluma.Healthz.Server/bin/Debug/net10.0/caluma-healthz.dll";

    private static readonly string[] _paths =
        ["/healthz/dashboard", "/healthz/", "/healthz/bare", "/healthz/trend", "/healthz/history", "/healthz/badge.svg"];

    private readonly ProbeSettings _settings = new(environment);

    public async Task<int> RunAsync(FrontDoor frontDoor, IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var options = RunOptions.Parse(args, frontDoor);
        using var alone = OneAtATime.Enter(workspace);
        var func = frontDoor == FrontDoor.Functions ? await new CoreTools(workspace, steps).EnsureAsync(cancellationToken) : null;
        var solution = new Solution(workspace, steps);
        await solution.RestoreAsync(cancellationToken);
        List<Need> needs = [.. _settings.Needs(frontDoor)];
        await new Requirements(workspace, steps).EnsureAsync(options.Native ? [.. needs, Need.NativeCompiler] : needs, cancellationToken);
        var port = ChoosePort(options.Port);
        _settings.ChooseKey(workspace);
        _settings.PlaceHistory(workspace, options.Demo);
        _settings.Enable();

        await using var servers = new LocalServers(workspace);
        List<string> program = ["dotnet", Path.Combine(workspace.Root, ServerProgram)];
        var build = frontDoor == FrontDoor.Functions ? solution.Build("the Functions app", "Caluma.Healthz.Functions")
            : options.Native ? ("publishing the native server (takes minutes when its sources have changed)",
                async cancel => program = [await new NativeServer(workspace.Root).PublishAsync(cancel)])
            : solution.Build("the server", "Caluma.Healthz.Server");
        await steps.RunAllAsync([.. Start(servers, needs, frontDoor), build], cancellationToken);
        if (options.Demo)
        {
            await steps.RunAsync($"inventing {DemoHistory.Days} days of history", InventAsync, cancellationToken);
        }

        var name = frontDoor == FrontDoor.Functions ? "func" : "server";
        steps.Report($"starting the probe ({name}) on http://localhost:{port}");
        await using var probe = func is null ? StartServer(program, port) : StartFunctions(func, port);
        using var client = new ProbeClient(port, _settings.Key);
        var patience = TimeSpan.FromSeconds(frontDoor == FrontDoor.Functions ? 120 : 30);
        await client.UntilReadyAsync(probe, name, workspace.LogOf(name), patience, cancellationToken);
        var (status, body) = await client.GetAsync("/healthz/", cancellationToken);
        steps.Report($"GET /healthz/ answers {status}:");
        await output.WriteLineAsync(ReportText.Format(body));
        if (options.Once)
        {
            return status == 200 ? 0 : 1;
        }

        await output.WriteLineAsync();
        foreach (var path in _paths)
        {
            await output.WriteLineAsync($"http://localhost:{port}{path}?code={_settings.Key}");
        }

        await output.WriteLineAsync($"http://localhost:{port}/healthz/ping");
        await output.FlushAsync(cancellationToken);
        steps.Report($"its log is .dev/{name}.log; Ctrl-C stops it");
        await probe.Ended.WaitAsync(cancellationToken);
        throw new DevException("the probe ended by itself.") { Log = workspace.LogOf(name) };
    }

    private static int ChoosePort(int? wanted)
    {
        try
        {
            // Released at once: Core Tools could not listen on a reserved port.
            using var free = wanted is { } port ? PortReservation.At(port) : PortReservation.From(FirstPort);
            return free.Port;
        }
        catch (SocketException)
        {
            throw new DevException($"port {wanted} is taken; please choose another.");
        }
    }

    private IEnumerable<(string What, Func<CancellationToken, Task> Work)> Start(
        LocalServers servers, IReadOnlyList<Need> needs, FrontDoor frontDoor)
    {
        foreach (var need in needs)
        {
            yield return need switch
            {
                Need.Postgres => ("starting postgres", async _ => _settings["Healthz__Databases__default"] =
                    await servers.StartPostgresAsync(PortReservation.From(LocalServers.PostgresPort))),
                Need.Redis => ("starting redis", async _ => _settings["Healthz__Caches__default"] =
                    await servers.StartRedisAsync(PortReservation.From(LocalServers.RedisPort))),
                _ => ("starting azurite", async _ => Use(
                    await servers.StartAzuriteAsync(PortReservation.From(LocalServers.AzuritePort), _settings.MediaContainer), frontDoor)),
            };
        }
    }

    private void Use(string azurite, FrontDoor frontDoor)
    {
        if (!_settings.HasMedia)
        {
            _settings["Healthz__MediaStorage__ConnectionString"] = azurite;
        }

        if (frontDoor == FrontDoor.Functions && !_settings.HasHostStorage)
        {
            _settings["AzureWebJobsStorage"] = azurite;
        }
    }

    private Task InventAsync(CancellationToken cancellationToken)
    {
        var added = _settings.Added.Select(setting => KeyValuePair.Create(
            setting.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)setting.Value));
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(added).Build();
        return DemoRecorder.ReplaceAsync(settings, cancellationToken);
    }

    private Child StartServer(IEnumerable<string> program, int port) => Child.Start(
        [.. program, "serve", "--urls", $"http://127.0.0.1:{port}"],
        new ChildOptions(workspace.Root) { Log = workspace.LogOf("server"), Environment = _settings.Added });

    private Child StartFunctions(string func, int port)
    {
        // With --enableAuth the host checks keys, as in Azure; it reads them from this file below its TMPDIR.
        var temporary = workspace.PathOf("func");
        var secrets = Directory.CreateDirectory(Path.Combine(temporary, "secrets", "functions", "secrets")).FullName;
        PrivateFile.Write(
            Path.Combine(secrets, "host.json"),
            $$"""
            {
              "masterKey": { "name": "master", "value": "{{ProbeSettings.RandomKey()}}", "encrypted": false },
              "functionKeys": [{ "name": "default", "value": "{{_settings.Key}}", "encrypted": false }],
              "systemKeys": []
            }
            """);
        return Child.Start(
            [func, "start", "--no-build", "--enableAuth", "--port", $"{port}"],
            new ChildOptions(Path.Combine(workspace.Root, AppFolder))
            {
                Log = workspace.LogOf("func"),
                Environment = new Dictionary<string, string>(_settings.Added)
                {
                    ["TMPDIR"] = temporary,
                    ["AzureWebJobsSecretStorageType"] = "files",
                    ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
                    ["FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT"] = "1",
                },
            });
    }
}
