using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging;
using static Caluma.Healthz.Tests.Scenarios.Scenario;

namespace Caluma.Healthz.Tests.Scenarios;

[Slow]
public class CacheScenarios(Services services)
{
    private const string Cache = "caches/default";
    private const string FoundAtStart = "a wrong setting is found at start";
    private const string InProcess = "it cannot be seen from outside";
    private const string MemcachedBackend = "django.core.cache.backends.memcached.MemcachedCache";

    private static readonly Report _noCaches = Answer(200, [.. DefaultTargets.Except([Cache])]);

    internal static readonly ScenarioTable Recorded =
    [
        new("cache-acl-no-set", Failing(Cache)) { Reason = Reason.Permission, Arrange = RefuseSetAsync },
        new("cache-bad-backend", Failing(Cache))
        {
            Differs = Invalid,
            Because = FoundAtStart,
            Set = caluma => caluma.SetCache("redis://127.0.0.1:6379/0", "no.such.Backend"),
        },
        new("cache-down", Failing(Cache))
        {
            Reason = Reason.Connect,
            TestedBy = nameof(A_cache_that_goes_down_fails_until_it_is_back),
        },
        new("cache-down-from-start", Failing(Cache))
        {
            Reason = Reason.Connect,
            Set = caluma => caluma.SetCache($"redis://127.0.0.1:{caluma.ClosedPort}/0"),
        },
        new("cache-dummy", Healthy)
        {
            Differs = _noCaches,
            Because = InProcess,
            TestedBy = nameof(A_cache_inside_of_Calumas_process_is_not_listed),
        },
        new("cache-empty-location-redis", Failing(Cache))
        {
            Differs = Invalid,
            Because = FoundAtStart,
            Set = caluma => caluma.SetCache(""),
        },
        new("cache-hang", null)
        {
            Differs = Failing(Cache),
            Because = "a hang is a failure, in time",
            Reason = Reason.Timeout,
            Set = caluma => caluma.SetCache($"redis://127.0.0.1:{caluma.HangingPort}/0"),
        },
        new("cache-locmem-default", Healthy)
        {
            Differs = _noCaches,
            Because = InProcess,
            TestedBy = nameof(A_cache_inside_of_Calumas_process_is_not_listed),
        },
        new("cache-memcached", Healthy) { Arrange = caluma => UseMemcachedAsync(caluma, goesDown: false) },
        new("cache-memcached-down", Healthy)
        {
            Differs = Failing(Cache),
            Because = "a cache that is down fails",
            Reason = Reason.Connect,
            Arrange = caluma => UseMemcachedAsync(caluma, goesDown: true),
        },
        new("cache-memcached-down-from-start", Healthy)
        {
            Differs = Failing(Cache),
            Because = "a cache that is down fails",
            Reason = Reason.Connect,
            Set = caluma => caluma.SetCache($"127.0.0.1:{caluma.ClosedPort}", MemcachedBackend),
        },
        new("cache-readonly", Failing(Cache)) { Reason = Reason.ReadOnly, Arrange = ReplicateAsync },
        new("cache-right-password", Healthy) { Arrange = caluma => AskForPasswordAsync(caluma, "right") },
        new("cache-wrong-password", Failing(Cache)) { Reason = Reason.Auth, Arrange = caluma => AskForPasswordAsync(caluma, "wrong") },
        new("two-caches", Answer(200, ["media storage service", "caches/archive", .. DefaultTargets[1..]]))
        {
            Arrange = async caluma =>
                caluma.Settings["Healthz:Caches:archive"] = (await caluma.Services.CreateCacheAsync()).ConnectionString,
        },
    ];

    public static TheoryData<string> Arranged => Recorded.Arranged;

    [Theory]
    [MemberData(nameof(Arranged))]
    public Task The_probe_answers_as_Caluma_did_or_better(string scenario) => Arrangement.TestAsync(services, Recorded[scenario]);

    [Fact]
    public async Task A_cache_that_goes_down_fails_until_it_is_back()
    {
        await using var caluma = await Arrangement.CreateAsync(services);
        var redis = caluma.Own(await RedisServer.StartNewAsync());
        caluma.SetCache($"redis://127.0.0.1:{redis.Port}/0");
        await using var probe = await caluma.StartProbeAsync();

        await Arrangement.AssertHealthyAsync(probe);
        await redis.StopAsync();
        await Arrangement.AssertAsync(Recorded["cache-down"], probe);
        await redis.StartAsync();
        await Arrangement.AssertHealthyAsync(probe);
    }

    [Theory]
    [InlineData("django.core.cache.backends.dummy.DummyCache")]
    [InlineData("django.core.cache.backends.locmem.LocMemCache")]
    public async Task A_cache_inside_of_Calumas_process_is_not_listed(string backend)
    {
        await using var caluma = await Arrangement.CreateAsync(services);
        caluma.SetCache("", backend);
        await using var probe = await caluma.StartProbeAsync();

        Assert.Equal(
            """{"media storage service":{"ok":true},"caches":[]"""
            + ""","database migrations":[{"default":{"ok":true}}],"databases":[{"default":{"ok":true}}]"""
            + ""","database models":[{"default":{"ok":true}}]}""",
            await probe.Client.GetStringAsync(new Uri("/healthz/", UriKind.Relative), TestContext.Current.CancellationToken));
        var remark = Assert.Single(probe.Log.GetSnapshot(), record => record.Id.Name == "HealthzConfigurationRemark");
        Assert.Equal(LogLevel.Information, remark.Level);
        Assert.Contains("cannot be seen from outside", remark.Message, StringComparison.Ordinal);
    }

    private static async Task RefuseSetAsync(Arrangement caluma)
    {
        var user = $"noset{caluma.Cache.Number}";
        await caluma.Cache.ExecuteAsync("ACL", "SETUSER", user, "on", ">p", "~*", "+@all", "-set");
        caluma.SetCache($"redis://{user}:p@127.0.0.1:{caluma.Cache.Server.Port}/{caluma.Cache.Number}");
    }

    private static async Task ReplicateAsync(Arrangement caluma)
    {
        var replica = caluma.Own(await RedisServer.StartReplicaAsync(await caluma.Services.Redis));
        caluma.SetCache($"redis://127.0.0.1:{replica.Port}/{caluma.Cache.Number}");
    }

    private static async Task AskForPasswordAsync(Arrangement caluma, string password)
    {
        var redis = caluma.Own(await RedisServer.StartNewAsync(new RedisOptions { Password = "right" }));
        caluma.SetCache($"redis://:{password}@127.0.0.1:{redis.Port}/0");
    }

    private static async Task UseMemcachedAsync(Arrangement caluma, bool goesDown)
    {
        var server = caluma.Own(await MemcachedServer.StartNewAsync());
        caluma.SetCache($"127.0.0.1:{server.Port}", MemcachedBackend);
        if (goesDown)
        {
            await server.StopAsync();
        }
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : CacheScenarios(services);
}
