using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Servers;
using Npgsql;

namespace Caluma.Healthz.Tests.Checks.Faults;

/// <summary>
/// Each kind of target by a name that a silent name server has, beside targets with an address. The server is a process of its own, with a
/// resolv.conf of its own. <see cref="NameLookupsTests"/> have what cannot be seen from outside.
/// </summary>
[Slow(IsLong = true)]
public sealed partial class SilentNameServerTests(Services services)
{
    /// <summary>Less than the 10 s after which the resolver gives up, which the client of a run that times out does not see.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(8);

    private static readonly HashSet<string> _named =
    [
        "database migrations/pooler: failed", "databases/pooler: failed", "database models/pooler: failed",
        "database migrations/postgres: failed", "databases/postgres: failed", "database models/postgres: failed",
        "caches/cluster: failed", "caches/memcached: failed", "caches/redis: failed", "caches/sentinel: failed",
        "media storage service: failed",
    ];

    [Theory]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.NameThatHangs)]
    [Holds(ProbedSystem.PgBouncer, SystemFault.NameThatHangs)]
    [Holds(ProbedSystem.Redis, SystemFault.NameThatHangs)]
    [Holds(ProbedSystem.Sentinel, SystemFault.NameThatHangs)]
    [Holds(ProbedSystem.Cluster, SystemFault.NameThatHangs)]
    [Holds(ProbedSystem.Memcached, SystemFault.NameThatHangs)]
    [Holds(ProbedSystem.S3, SystemFault.NameThatHangs)]
    [Holds(ProbedSystem.Blobs, SystemFault.NameThatHangs)]
    [InlineData("blobs")]
    [InlineData("s3")]
    public async Task What_has_a_name_fails_alone_with_dns_until_the_name_server_answers(string store)
    {
        await using var caluma = await CalumaDeployment.CreateAsync(services);
        await using var pooler = await PgBouncerServer.StartNewAsync(caluma.Database);
        await using var primary = await RedisServer.StartNewAsync();
        await using var sentinel = await RedisSentinel.StartNewAsync(primary);
        await using var cluster = await RedisCluster.StartNewAsync();
        await using var memcached = await MemcachedServer.StartNewAsync();
        await using var names = NameServer.Start();
        await StoreMediaByNameAsync(caluma, store);
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["Databases:postgres"] = ByName(caluma.Database.ConnectionString, "postgres.test"),
            ["Databases:pooler"] = ByName(pooler.ConnectionString, "pooler.test"),
            ["Caches:redis"] = $"redis.test:{primary.Port}",
            ["Caches:sentinel"] = $"sentinel.test:{sentinel.Port},serviceName={RedisSentinel.Service}",
            ["Caches:cluster"] = string.Join(',', cluster.Servers.Select((node, index) => $"node{index}.test:{node.Port}")),
            ["Caches:memcached"] = $"memcached://memcached.test:{memcached.Port}",
        })
        {
            caluma.Settings[$"Healthz:{key}"] = value;
        }

        caluma.Timeout = _timeout;
        caluma.Settings["Logging:Console:LogLevel:Default"] = "Information";
        await using var process = await HealthzProcess.StartAsync(
            caluma.Settings, ["serve", "--urls", "http://127.0.0.1:0"], under: names.CommandOf());
        using var client = new HttpClient { BaseAddress = await process.UntilListeningAsync() };
        client.DefaultRequestHeaders.Add("x-functions-key", CalumaDeployment.Key);
        var isStalled = false;

        await Stall.RepeatAsync(
            async () =>
            {
                for (var run = 0; run < 2; run++)
                {
                    var since = process.Log.Count;
                    var asked = Stopwatch.GetTimestamp();
                    var report = await ReportAsync(client);
                    isStalled = report.Failed.Any(failed => failed.Contains("/default", StringComparison.Ordinal));

                    Assert.Equal(503, report.Status);
                    Assert.Equal(_named, report.Failed.ToHashSet());
                    Assert.All(Reasons(process.Log, since), reason => Assert.Equal("dns", reason));

                    // Not how soon, which a busy machine delays, but that no client makes it wait.
                    Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, 4 * _timeout);
                }
            },
            () => isStalled);
        Assert.NotEqual(0, names.Asked);

        names.Answers = true;
        var recovered = await ReportAsync(client);
        Assert.Empty(recovered.Failed);
        Assert.Equal(200, recovered.Status);
    }

    /// <summary>Without TLS, which is wanted of a server with a name.</summary>
    private static string ByName(string connectionString, string name) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = name, SslMode = SslMode.Disable }.ConnectionString;

    private static IEnumerable<string> Reasons(ServerLog log, int since) =>
        from line in $"{log}".Split('\n').Skip(since)
        where line.Contains("HealthzCheckFailed", StringComparison.Ordinal)
        select ReasonOf().Match(line).Groups[1].Value;

    private static async Task<Report> ReportAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/healthz/", UriKind.Relative), TestContext.Current.CancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return Report.Read((int)response.StatusCode, body.RootElement);
    }

    private async Task StoreMediaByNameAsync(CalumaDeployment caluma, string store)
    {
        if (store == "blobs")
        {
            caluma.Settings["Healthz:MediaStorage:ConnectionString"] = (await services.Azurite).ConnectionStringIn("test");
        }
        else
        {
            var server = await services.S3;
            caluma.StoreMediaIn(
                new UriBuilder(server.Endpoint) { Host = "s3.test" }.Uri, server.AccessKey, server.SecretKey,
                await server.CreateBucketAsync());
        }
    }

    [GeneratedRegex("reason=([a-z-]+)")]
    private static partial Regex ReasonOf();
}
