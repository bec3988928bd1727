using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>
/// <c>./dev endure</c>, whose process this is: runs all checks on real servers many times, and records each run as the server does, with
/// <see cref="EnduranceFaults"/> mixed in.
/// </summary>
internal sealed class EnduranceCommand : IAsyncDisposable
{
    /// <summary>The first argument; the other is how many runs.</summary>
    public const string Command = "endure";

    private const int Samples = 24;

    /// <summary>How long before the next tick a run is recorded: it leaves 2 s for a storage that hangs.</summary>
    private static readonly TimeSpan _beforeNextTick = TimeSpan.FromSeconds(2.5);

    private readonly CalumaDeployment _caluma;
    private readonly BlobContainerClient _container;
    private readonly FaultServer[] _servers;
    private readonly EnduranceFaults _faults;
    private readonly EnduranceClock _clock;
    private readonly EnduranceHistory _history;
    private readonly EnduranceLog _log = new();
    private readonly ServiceProvider _probe;
    private readonly CountedRunner _runner;
    private readonly SortedDictionary<string, (int Runs, TimeSpan Time)> _times = [];

    private EnduranceCommand(CalumaDeployment caluma, BlobContainerClient container, FaultServer[] servers, int runs)
    {
        (_caluma, _container, _servers) = (caluma, container, servers);
        _faults = new EnduranceFaults(servers[0], servers[1], servers[2], servers[3]);

        // Not in the past: what a cut run has left in the media storage is deleted once it is old by this clock.
        var now = DateTimeOffset.UtcNow;
        var start = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        _clock = new EnduranceClock(start);
        var configuration = HealthzConfiguration.Read(caluma.Configuration());
        IServiceCollection services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(_log))
            .AddSingleton<TimeProvider>(_clock)
            .AddHealthz(configuration);
        var runner = services.Last(service => service.ServiceType == typeof(IRunner)).ImplementationFactory!;
        services.AddSingleton(provider => new CountedRunner((IRunner)runner(provider)))
            .AddSingleton<IRunner>(provider => provider.GetRequiredService<CountedRunner>());
        _probe = services.BuildServiceProvider();
        _runner = _probe.GetRequiredService<CountedRunner>();
        _history = new EnduranceHistory(container, _probe, start, runs + 1);
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var runs = int.Parse(args[1], CultureInfo.InvariantCulture);
        await using var services = new Services();
        await using var endurance = await StartAsync(services, runs);
        return await endurance.RunAsync(runs);
    }

    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _container.DeleteIfExistsAsync();
        await _caluma.DisposeAsync();
    }

    private static async Task<EnduranceCommand> StartAsync(Services services, int runs)
    {
        var caluma = await CalumaDeployment.CreateAsync(services);
        var (postgres, redis, azurite) = (await services.Postgres, await services.Redis, await services.Azurite);
        var container = await services.CreateContainerAsync();
        FaultServer[] servers =
        [
            FaultServer.Start(FaultMode.Proxy, postgres.EndPoint),
            FaultServer.Start(FaultMode.Proxy, redis.EndPoint),
            FaultServer.Start(FaultMode.Proxy, azurite.EndPoint),
            FaultServer.Start(FaultMode.Proxy, azurite.EndPoint),
        ];
        caluma.Settings["Healthz:Databases:default"] = caluma.Database.ConnectionStringVia(servers[0]);
        caluma.Settings["Healthz:Caches:default"] = caluma.Cache.ConnectionStringVia(servers[1]);
        caluma.Settings["Healthz:MediaStorage:ConnectionString"] = azurite.ConnectionStringVia(servers[2]);
        caluma.Settings["Healthz:History:ConnectionString"] = azurite.ConnectionStringVia(servers[3]);
        caluma.Settings["Healthz:History:Container"] = container.Name;
        caluma.Settings["Healthz:History:RetentionDays"] = $"{EnduranceHistory.RetentionDays}";
        caluma.Settings["Healthz:Schedule"] = "0 * * * * *";
        caluma.Timeout = TimeSpan.FromSeconds(3);
        return new EnduranceCommand(caluma, container, servers, runs);
    }

    private async Task<int> RunAsync(int runs)
    {
        var (samples, failed, faulty, started) = (new List<EnduranceSample>(), 0, 0, Stopwatch.GetTimestamp());
        for (var run = 1; run <= runs; run++)
        {
            var fault = _faults.Of(run);
            var isOk = await RunAsync(run, fault);
            failed += isOk ? 0 : 1;
            faulty += fault is null ? 0 : 1;
            if (run % Math.Max(1, runs / Samples) == 0)
            {
                samples.Add(await SampleAsync(run));
                var speed = run / Stopwatch.GetElapsedTime(started).TotalSeconds;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{samples[^1]}, {failed} of {faulty} with a fault failed, {speed:0.0} runs a second"));
            }
        }

        // What the last fault has kept from the history.
        await RunAsync(runs + 1, null);
        PrintTimes();
        IReadOnlyList<string> wrong =
        [
            .. EnduranceSample.Growing(samples, EnduranceHistory.RunsToFill),
            .. await _history.FindWrongAsync(runs + 1),
            .. _log.Lost > 0 ? [$"{_log.Lost} records are said to be lost"] : (string[])[],
        ];
        Console.WriteLine(wrong.Count == 0 ? "All is flat, and no record is missing." : string.Join('\n', wrong));
        if (!EnduranceSample.IsFull(samples, EnduranceHistory.RunsToFill))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The sizes of documents are compared from {EnduranceHistory.RunsToFill * 3} runs on: before, they grow by design."));
        }

        return wrong.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs the checks and records the run, as <c>RecordingService</c> does.</summary>
    /// <returns>Whether all checks passed.</returns>
    private async Task<bool> RunAsync(int run, (string Name, FaultServer Server, FaultMode Mode)? fault)
    {
        var (tick, started) = (_history.TickOf(run), Stopwatch.GetTimestamp());
        _clock.Set(_history.TickOf(run + 1) - _beforeNextTick);
        if (fault is { } begun)
        {
            begun.Server.Mode = begun.Mode;
        }

        await _probe.GetRequiredService<RecorderLease>().TryHoldAsync(CancellationToken.None);
        await _probe.GetRequiredService<Recorder>().RecordAsync(tick, late: false, Command, CancellationToken.None);
        if (fault is { } ended)
        {
            if (ended.Mode.Answer is not null)
            {
                // A connection whose requests were answered here must not go on in the middle of one.
                ended.Server.Mode = FaultMode.Refused;
            }

            ended.Server.Mode = FaultMode.Proxy;
        }

        if (_runner.Newest!.Results.Any(result => result.HasVerdict))
        {
            _history.Acknowledge(run);
        }

        var kind = fault is { } had ? $"{had.Name} {had.Mode}" : "none";
        var (runs, time) = _times.GetValueOrDefault(kind);
        _times[kind] = (runs + 1, time + Stopwatch.GetElapsedTime(started));
        return _runner.Newest.Ok;
    }

    private void PrintTimes()
    {
        foreach (var (fault, (runs, time)) in _times.OrderByDescending(kind => kind.Value.Time))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{time.TotalSeconds,7:0.0} s in {runs} runs with the fault {fault}: {time.TotalMilliseconds / runs:0} ms each"));
        }

        string[] events =
        [
            "HealthzRunRecorded", "HealthzRecordFailed", "HealthzRetentionFailed",
            "HealthzIncidentOpened", "HealthzIncidentResolved", "HealthzAlertFiring", "HealthzAlertResolved",
        ];
        Console.WriteLine(string.Join(", ", events.Select(name => $"{name} {_log.Count(name)}")));
    }

    private async Task<EnduranceSample> SampleAsync(int runs)
    {
        await _probe.GetRequiredService<TrendReader>().ReadAsync(EnduranceHistory.RetentionDays, CancellationToken.None);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        const double Mb = 1024 * 1024;
        using var process = Process.GetCurrentProcess();
        return new EnduranceSample(
            runs,
            GC.GetTotalMemory(forceFullCollection: true) / Mb,
            process.WorkingSet64 / Mb,
            Directory.GetFiles("/proc/self/fd").Length,
            process.Threads.Count,
            await _caluma.Database.CountConnectionsAsync("caluma-healthz"),
            await _caluma.Cache.CountKeysAsync(),
            await _caluma.Container.GetBlobsAsync().LongCountAsync(),
            await _history.SampleAsync(runs));
    }
}
