using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Caluma.Healthz.Servers.Functions.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>
/// A double of the Azure Functions host 4 that runs the built app: it starts the worker as a process and speaks the host's protocol with
/// it. Each test has its own. It copies from the real host (https://github.com/Azure/azure-functions-host) how to start and restart a
/// worker, find functions, check keys, pass on requests, timers and cancellation, and relay the log.
/// </summary>
/// <remarks>
/// It has one key for all functions and no master key, one worker process and no placeholder, no throttling, no home page, no admin
/// routes, no bindings but HTTP and timer, and no lease for the timer. The sampling and the levels of host.json are not applied.
/// </remarks>
internal sealed class FunctionsHost : IAsyncDisposable
{
    /// <summary>The failures of a worker before the host gives up: RpcFunctionInvocationDispatcher.ErrorEventsThreshold.</summary>
    private const int MaxErrors = 3;

    private readonly string _app;
    private readonly IReadOnlyList<string> _launcher;
    private readonly ServerFolder _folder = new("functions");
    private readonly ConcurrentDictionary<string, WorkerChannel> _channels = new();
    private readonly ConcurrentQueue<RelayedLog> _log = new();
    private readonly ConcurrentQueue<RelayedLog> _dropped = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, string?> _settings;
    private readonly WebApplication _server;
    private Task<WorkerChannel>? _worker;
    private ServerProcess? _process;
    private Task _watching = Task.CompletedTask;
    private Task _ticking = Task.CompletedTask;
    private int _errors;

    private FunctionsHost(
        string app, IEnumerable<KeyValuePair<string, string?>> settings, string key, IReadOnlyList<string> launcher)
    {
        (_app, _launcher) = (app, launcher);
        _settings = settings.ToDictionary(
            setting => setting.Key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal), setting => setting.Value);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
        builder.Services.AddSingleton(new WorkerService(id => _channels[id]));
        _server = builder.Build();
        _server.MapGrpcService<WorkerService>();
        var hostJson = JsonNode.Parse(File.ReadAllText(Path.Combine(_app, "host.json")))!;
        _server.MapFallback(
            "{**path}", new HttpTriggers(this, key, (string?)hostJson["extensions"]?["http"]?["routePrefix"] ?? "api").AnswerAsync);
        Client = new HttpClient();
        Client.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <summary>Sends the key with each request.</summary>
    public HttpClient Client { get; }

    /// <summary>The folder of the built app.</summary>
    public string Folder => _app;

    public IReadOnlyList<LoadedFunction> Functions { get; private set; } = [];

    /// <summary>The log of running functions, and the host's log about them.</summary>
    public IReadOnlyCollection<RelayedLog> Log => _log;

    /// <summary>The log of the worker outside of invocations, which the real host drops.</summary>
    public IReadOnlyCollection<RelayedLog> Dropped => _dropped;

    /// <summary>The output of the worker, which the host logs, too.</summary>
    public ServerLog Printed { get; } = new();

    /// <summary>The functions that are running.</summary>
    public IReadOnlyList<string> Running => _worker is { IsCompletedSuccessfully: true } ? _worker.Result.Running : [];

    /// <summary>Whether the host has given up after too many failures.</summary>
    public bool HasGivenUp => _errors >= MaxErrors;

    /// <summary>The process of the worker.</summary>
    public int WorkerId => _process!.Id;

    /// <summary>The number of workers that were started.</summary>
    public int Starts { get; private set; }

    /// <param name="app">The folder of the built app.</param>
    /// <param name="settings">The app settings, with <c>:</c> or <c>__</c> between their parts.</param>
    /// <param name="key">The key of all functions.</param>
    /// <param name="ticks">Whether timers fire on their schedule, and not only by <see cref="TickAsync"/>.</param>
    /// <param name="launcher">A program and its arguments that becomes the worker, given its command line.</param>
    public static async Task<FunctionsHost> StartAsync(
        string app,
        IEnumerable<KeyValuePair<string, string?>> settings,
        string key,
        bool ticks = false,
        params IReadOnlyList<string> launcher)
    {
        var host = new FunctionsHost(app, settings, key, launcher);
        try
        {
            await host._server.StartAsync();
            host.Client.BaseAddress = new Uri(host._server.Urls.Last());
            host._worker = host.StartWorkerAsync();
            await host._worker;
            host._ticking = ticks ? host.TickByScheduleAsync() : Task.CompletedTask;
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a function, and reports its failure like the host.</summary>
    public async Task<TypedData?> InvokeAsync(LoadedFunction function, TypedData input, CancellationToken cancellationToken)
    {
        try
        {
            var worker = await _worker!;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            return await worker.InvokeAsync(function, input, stop.Token);
        }
        catch (WorkerException exception)
        {
            _log.Enqueue(new RelayedLog($"Function.{function.Name}", LogLevel.Error, "FunctionCompleted",
                $"Executed 'Functions.{function.Name}' (Failed): {exception.Message}"));
            throw;
        }
    }

    /// <summary>Fires the timer. A tick that fails is in the log.</summary>
    public async Task TickAsync(bool isPastDue = false)
    {
        var timer = Functions.Single(function => function.IsTimer);
        try
        {
            await InvokeAsync(timer, TimerInfo(isPastDue), CancellationToken.None);
        }
        catch (WorkerException)
        {
            // The next tick tries again.
        }
    }

    /// <summary>Kills the worker, and waits until the host has started another one or given up.</summary>
    public async Task KillWorkerAsync()
    {
        var errors = _errors;
        await _process!.KillAsync();
        await Deadline.UntilAsync("the host notices that the worker has ended", () => _errors > errors);
        await _worker!.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Whether the worker answers.</summary>
    public async Task AskForStatusAsync() => await (await _worker!).AskForStatusAsync();

    /// <summary>Ends as for a deployment: cancels and awaits running functions, then asks the worker to end.</summary>
    /// <returns>The exit code of the worker.</returns>
    public async Task<int> StopAsync()
    {
        await _stopping.CancelAsync();
        await _ticking;
        var worker = await _worker!;
        await Deadline.UntilAsync("all functions end", () => worker.Running.Count == 0);
        if (!worker.Terminate())
        {
            await _process!.KillAsync();
        }

        await _process!.UntilEndedAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_process is { HasEnded: false })
        {
            await _process.KillAsync();
        }

        await _watching;
        await _ticking;
        Client.Dispose();
        await _server.DisposeAsync();
        _process?.Dispose();
        _stopping.Dispose();
        _folder.Dispose();
    }

    private static TypedData TimerInfo(bool isPastDue) => new()
    {
        Json = new JsonObject
        {
            ["Schedule"] = new JsonObject { ["AdjustForDST"] = true },
            ["ScheduleStatus"] = null,
            ["IsPastDue"] = isPastDue,
        }.ToJsonString(),
    };

    private async Task<WorkerChannel> StartWorkerAsync()
    {
        var id = Guid.NewGuid().ToString();
        var channel = _channels[id] = new WorkerChannel(Relay);
        var environment = new Dictionary<string, string?>(_settings)
        {
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            ["FUNCTIONS_WORKER_DIRECTORY"] = _app,
            ["FUNCTIONS_APPLICATION_DIRECTORY"] = _app,
        };

        string[] command = [.. _launcher, "dotnet", WorkerCommand.AssemblyOf(_app)];
        var process = _process = ServerProcess.Start(
            _folder,
            command[0],
            [.. command[1..], .. WorkerCommand.Arguments(new Uri(_server.Urls.First()), id)],
            environment: environment,
            log: Printed);
        Starts++;
        _watching = WatchAsync(process, channel);
        await channel.Started.WaitAsync(Deadline.Default);
        var functions = await channel.LoadAsync(_app);
        Functions = [.. functions.Where(function => !function.IsTimer || Schedule(function) is not null)];
        return channel;
    }

    /// <remarks>WorkerProcess.OnProcessExited of the host: a worker that ends by itself with 0 is not started again.</remarks>
    private async Task WatchAsync(ServerProcess process, WorkerChannel channel)
    {
        await process.UntilEndedAsync(Timeout.InfiniteTimeSpan);
        if (!_stopping.IsCancellationRequested && process.ExitCode != 0 && (Starts > 1 || _worker is { IsCompletedSuccessfully: true }))
        {
            _worker = _errors + 1 < MaxErrors ? StartWorkerAsync() : _worker;
            _errors++;
        }

        channel.Lose(new WorkerException($"The worker has ended with {process.ExitCode}:{Environment.NewLine}{Printed}"));
    }

    /// <summary>
    /// The schedule of a timer from the app settings; null where the setting is missing, and the host then disables the function.
    /// </summary>
    private string? Schedule(LoadedFunction function)
    {
        if (_settings.GetValueOrDefault(function.Schedule.Trim('%').Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal))
            is { } schedule)
        {
            return schedule;
        }

        _log.Enqueue(new RelayedLog(
            "Host.Startup", LogLevel.Error, "0",
            $"The '{function.Name}' function is in error: '{function.Schedule}' does not resolve to a value."));
        return null;
    }

    private async Task TickByScheduleAsync()
    {
        var schedule = NCrontab.CrontabSchedule.Parse(
            Schedule(Functions.Single(function => function.IsTimer))!,
            new NCrontab.CrontabSchedule.ParseOptions { IncludingSeconds = true });
        while (!_stopping.IsCancellationRequested)
        {
            var now = DateTime.UtcNow;
            await Task.Delay(schedule.GetNextOccurrence(now) - now, _stopping.Token).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (!_stopping.IsCancellationRequested)
            {
                await TickAsync();
            }
        }
    }

    private void Relay(RpcLog log, string? function)
    {
        var category = log.LogCategory == RpcLog.Types.RpcLogCategory.System ? $"Worker.{log.Category}" : $"Function.{function}.User";
        var line = new RelayedLog(category, (LogLevel)log.Level, log.EventId, log.Message);
        (function is null ? _dropped : _log).Enqueue(line);
    }
}
