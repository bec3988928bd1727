using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>
/// <c>./dev endure</c>, whose process this is: runs all checks on real servers many times. One run in ten finds one of the servers
/// refusing, closing, cutting its answers or sending garbage, and one in a thousand a server that hangs.
/// </summary>
internal sealed class EnduranceCommand : IAsyncDisposable
{
    /// <summary>The first argument; the other is how many runs.</summary>
    public const string Command = "endure";

    private const int Samples = 24;
    private const int RunsToFault = 10;
    private const int RunsToHang = 1000;

    private static readonly FaultMode[] _faults =
        [FaultMode.Refused, FaultMode.ClosesAtOnce, FaultMode.GarbageBytes, FaultMode.CutMidAnswer(afterBytes: 100)];

    private readonly CalumaDeployment _caluma;
    private readonly IReadOnlyList<FaultServer> _servers;
    private readonly ServiceProvider _probe;

    private EnduranceCommand(CalumaDeployment caluma, IReadOnlyList<FaultServer> servers)
    {
        (_caluma, _servers) = (caluma, servers);
        _probe = new ServiceCollection().AddLogging()
            .AddHealthz(HealthzConfiguration.Read(caluma.Configuration())).BuildServiceProvider();
    }

    public static async Task<int> RunAsync(string[] args)
    {
        await using var services = new Services();
        await using var endurance = await StartAsync(services);
        return await endurance.RunAsync(int.Parse(args[1], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await _caluma.DisposeAsync();
    }

    private static async Task<EnduranceCommand> StartAsync(Services services)
    {
        var caluma = await CalumaDeployment.CreateAsync(services);
        var (postgres, redis, azurite) = (await services.Postgres, await services.Redis, await services.Azurite);
        FaultServer[] servers =
        [
            FaultServer.Start(FaultMode.Proxy, postgres.EndPoint),
            FaultServer.Start(FaultMode.Proxy, redis.EndPoint),
            FaultServer.Start(FaultMode.Proxy, azurite.EndPoint),
        ];
        caluma.Settings["Healthz:Databases:default"] = caluma.Database.ConnectionStringVia(servers[0]);
        caluma.Settings["Healthz:Caches:default"] = caluma.Cache.ConnectionStringVia(servers[1]);
        caluma.Settings["Healthz:MediaStorage:ConnectionString"] = azurite.ConnectionStringVia(servers[2]);
        caluma.Timeout = TimeSpan.FromSeconds(5);
        return new EnduranceCommand(caluma, servers);
    }

    private async Task<int> RunAsync(int runs)
    {
        var (runner, samples, failed, faulty) = (_probe.GetRequiredService<IRunner>(), new List<EnduranceSample>(), 0, 0);
        for (var run = 1; run <= runs; run++)
        {
            var fault = run % RunsToHang == 0 ? FaultMode.AcceptsAndNeverAnswers
                : run % RunsToFault == 0 ? _faults[run / RunsToFault % _faults.Length]
                : FaultMode.Proxy;
            var server = _servers[run / RunsToFault / _faults.Length % _servers.Count];
            server.Mode = fault;
            var isOk = (await runner.RunAsync(CheckSet.All, CancellationToken.None)).Ok;
            server.Mode = FaultMode.Proxy;
            failed += isOk ? 0 : 1;
            faulty += fault == FaultMode.Proxy ? 0 : 1;
            if (run % Math.Max(1, runs / Samples) == 0)
            {
                samples.Add(await SampleAsync(run));
                Console.WriteLine($"{samples[^1]}, {failed} of {faulty} with a fault failed");
            }
        }

        var growing = EnduranceSample.Growing(samples);
        Console.WriteLine(growing.Count == 0 ? "All is flat." : string.Join('\n', growing));
        return growing.Count == 0 ? 0 : 1;
    }

    private async Task<EnduranceSample> SampleAsync(int runs)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        const double Mb = 1024 * 1024;
        using var process = Process.GetCurrentProcess();
        var container = new BlobContainerClient(
            (string)_caluma.Settings["Healthz:MediaStorage:ConnectionString"]!, _caluma.Settings["Healthz:MediaStorage:Container"]);
        return new EnduranceSample(
            runs,
            GC.GetTotalMemory(forceFullCollection: true) / Mb,
            process.WorkingSet64 / Mb,
            Directory.GetFiles("/proc/self/fd").Length,
            process.Threads.Count,
            await _caluma.Database.CountConnectionsAsync("caluma-healthz"),
            await _caluma.Cache.CountKeysAsync(),
            await container.GetBlobsAsync().LongCountAsync());
    }
}
