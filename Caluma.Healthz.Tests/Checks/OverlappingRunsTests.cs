using Caluma.Healthz.Checks;
using Caluma.Healthz.Checks.Caches;
using Caluma.Healthz.Checks.Databases;
using Caluma.Healthz.Checks.MediaStorage;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>Two concurrent runs on one target, such as those of a timer and a caller: neither changes the other's verdict.</summary>
[Slow]
public sealed class OverlappingRunsTests(Services services)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("postgresql", true)]
    [InlineData("postgresql", false)]
    [InlineData("redis", true)]
    [InlineData("redis", false)]
    [InlineData("redis url", true)]
    [InlineData("memcached", true)]
    [InlineData("blobs", true)]
    [InlineData("blobs", false)]
    [InlineData("s3", true)]
    [InlineData("s3", false)]
    public async Task A_run_that_is_given_up_does_not_change_the_verdict_of_another(string target, bool wasWell)
    {
        await using var owned = new Owned();
        var (probe, server) = await StartAsync(target, owned);
        await using (probe as IAsyncDisposable)
        {
            if (wasWell)
            {
                Assert.Empty(await RunAsync(probe, CancellationToken.None));
            }

            server.Mode = FaultMode.AcceptsAndNeverAnswers;
            using var givenUp = new CancellationTokenSource();
            var first = await AskAsync(probe, server, givenUp.Token);
            var second = RunAsync(probe, CancellationToken.None);
            var givingUp = givenUp.CancelAsync();
            if (probe is RedisProbe)
            {
                // The other probes first send a cancellation to the hanging target, or clean up.
                await first.ContinueWith(_ => { }, TaskScheduler.Default);
            }

            server.Mode = FaultMode.Proxy;

            Assert.Empty(await second);
            await givingUp;
            await first.ContinueWith(_ => { }, TaskScheduler.Default);
            Assert.Empty(await RunAsync(probe, CancellationToken.None));
        }

        await server.UntilNoneOpenAsync();
    }

    [Theory]
    [InlineData("blobs")]
    [InlineData("s3")]
    public async Task Runs_one_after_the_other_share_a_connection_to_a_store_and_leave_none(string target)
    {
        await using var owned = new Owned();
        var (probe, server) = await StartAsync(target, owned);
        await using (probe as IAsyncDisposable)
        {
            for (var run = 0; run < 3; run++)
            {
                Assert.Empty(await RunAsync(probe, CancellationToken.None));
            }

            // A busy machine makes the client open another before the first is free again. Each request of a run is one.
            Assert.InRange(server.Accepted, 1, 3);
        }

        await server.UntilNoneOpenAsync();
    }

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.HalfOpen)]
    public async Task A_run_that_finds_a_dead_connection_replaces_it_and_closes_none_in_use()
    {
        await using var owned = new Owned();
        var (probe, server) = await StartAsync("redis", owned);
        await using (probe as IAsyncDisposable)
        {
            Assert.Empty(await RunAsync(probe, CancellationToken.None));

            // Both runs lose the connection and need another one, which one of them makes.
            server.Mode = FaultMode.Refused;
            server.Mode = FaultMode.Proxy;
            var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RunAsync(probe, CancellationToken.None)));

            Assert.All(runs, Assert.Empty);
            await Deadline.UntilAsync("one connection is left", () => server.Open == 1);
        }
    }

    /// <summary>Starts a run, and waits until it has sent a request to the server.</summary>
    private static async Task<Task> AskAsync(IProbe probe, FaultServer server, CancellationToken cancellationToken)
    {
        var before = server.RequestBytes;
        var running = RunAsync(probe, cancellationToken);
        await Deadline.UntilAsync("the server is asked", () => server.RequestBytes > before);
        return running;
    }

    /// <returns>The reasons of the checks that fail.</returns>
    private static async Task<IReadOnlyList<Reason>> RunAsync(IProbe probe, CancellationToken cancellationToken)
    {
        var run = new ProbeRun(probe, CheckSet.All, _timeout, TimeProvider.System, NullLogger.Instance);
        Assert.True(run.TryBegin());
        await probe.RunAsync(run, cancellationToken);
        return [.. run.Close(Reason.Unknown).Select(result => result.Reason).OfType<Reason>()];
    }

    private async Task<(IProbe Probe, FaultServer Server)> StartAsync(string target, Owned owned)
    {
        var deployment = owned.Add(await CalumaDeployment.CreateAsync(services));
        switch (target)
        {
            case "postgresql":
                var postgres = owned.Add(FaultServer.Start(FaultMode.Proxy, (await services.Postgres).EndPoint));
                deployment.Settings["Healthz:Databases:default"] = deployment.Database.ConnectionStringVia(postgres);
                var read = Options(deployment);
                return (new DatabaseProbe(
                    read.Databases[0], read.Migrations, _timeout, new Azure.Identity.DefaultAzureCredential()), postgres);

            case "redis" or "redis url":
                var redis = owned.Add(FaultServer.Start(FaultMode.Proxy, (await services.Redis).EndPoint));
                deployment.Settings["Healthz:Caches:default"] = target == "redis"
                    ? deployment.Cache.ConnectionStringVia(redis)
                    : $"redis://127.0.0.1:{redis.Port}/{deployment.Cache.Number}";
                return (new RedisProbe((RedisCacheOptions)Options(deployment).Caches[0], _timeout), redis);

            case "memcached":
                var memcached = owned.Add(await MemcachedServer.StartNewAsync());
                var server = owned.Add(FaultServer.Start(FaultMode.Proxy, memcached.EndPoint));
                deployment.Settings["Healthz:Caches:default"] = $"memcached://127.0.0.1:{server.Port}";
                return (new MemcachedProbe((MemcachedCacheOptions)Options(deployment).Caches[0]), server);

            case "blobs":
                var azurite = await services.Azurite;
                var blobs = owned.Add(FaultServer.Start(FaultMode.Proxy, azurite.EndPoint));
                deployment.Settings["Healthz:MediaStorage:ConnectionString"] = azurite.ConnectionStringVia(blobs);
                return (Media(new BlobMediaStore(
                    (BlobStorageOptions)Options(deployment).MediaStorage!, _timeout, new Azure.Identity.DefaultAzureCredential())), blobs);

            default:
                var ceph = await services.S3;
                var s3 = owned.Add(FaultServer.Start(FaultMode.Proxy, ceph.EndPoint));
                return (Media(new S3MediaStore(
                    new S3StorageOptions
                    {
                        Endpoint = ceph.EndpointVia(s3),
                        AccessKey = ceph.AccessKey,
                        SecretKey = ceph.SecretKey,
                        Bucket = await ceph.CreateBucketAsync(),
                    },
                    _timeout)), s3);
        }
    }

    private static MediaStorageProbe Media(IMediaStore store) => new(store, _timeout, TimeProvider.System);

    private static HealthzOptions Options(CalumaDeployment deployment) => HealthzConfiguration.Read(deployment.Configuration()).Options;

    /// <summary>Disposes of things in reverse order.</summary>
    private sealed class Owned : IAsyncDisposable
    {
        private readonly Stack<IAsyncDisposable> _owned = [];

        public T Add<T>(T started)
            where T : IAsyncDisposable
        {
            _owned.Push(started);
            return started;
        }

        public async ValueTask DisposeAsync()
        {
            while (_owned.TryPop(out var started))
            {
                await started.DisposeAsync();
            }
        }
    }
}
