using System.Net;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

[Slow(IsLong = true)]
public sealed class CacheFaultTests(Services services) : FaultTests(services)
{
    private const string Setting = "Healthz:Caches:default";

    private protected override int Kept => 1;

    private protected override IReadOnlyList<string> Targets => ["caches/default"];

    [Theory]
    [Holds(ProbedSystem.Redis, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent)]
    [Holds(ProbedSystem.Redis, SystemFault.Cut, SystemFault.Garbage, SystemFault.SlowDrip)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.ClosesAtOnce), Reason.Connect)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Protocol)]
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task A_cache_that_failed_from_the_start_fails_alone_and_in_time(string fault, Reason reason) =>
        TestAsync(fault, fromStart: true, reason);

    /// <remarks>An open connection is not closed at once.</remarks>
    [Theory]
    [Holds(ProbedSystem.Redis, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent, SystemFault.Garbage, SystemFault.SlowDrip)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Protocol)]
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task A_cache_that_begins_to_fail_fails_alone_and_in_time(string fault, Reason reason) =>
        TestAsync(fault, fromStart: false, reason);

    [Theory]
    [Holds(ProbedSystem.Redis, SystemFault.Cut)]
    [InlineData(3)]
    [InlineData(300)]
    public Task A_cut_handshake_fails_the_cache(int afterBytes) =>
        TestAsync(FaultMode.CutMidAnswer(afterBytes), fromStart: true, Reason.Connect);

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.Cut)]
    public Task A_cut_answer_fails_the_cache() => TestAsync(FaultMode.CutMidAnswer(3), fromStart: false, Reason.Connect);

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.HalfOpen)]
    public Task A_connection_that_hangs_for_good_fails_one_run() => RepeatAfterStallAsync(async () =>
    {
        await using var caluma = await CreateAsync();
        await using var relay = new FreezingRelay(await UpstreamAsync(caluma));
        caluma.Settings[Setting] = caluma.Cache.Server.ConnectionString(caluma.Cache.Number, port: relay.Port);
        await using var probe = await caluma.StartProbeAsync();
        await AssertHealthyAsync(probe);
        await relay.FreezeAsync();

        await AssertFailsAsync(probe, Reason.Timeout);
        await AssertHealthyAsync(probe);
    });

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.WrongCredentials)]
    public async Task A_wrong_password_is_refused()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Password = "right" });

        await TestSettingsAsync(caluma => caluma.Settings[Setting] = server.ConnectionString(password: "wrong"), Reason.Auth);
    }

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.WrongCredentials)]
    public async Task A_missing_password_is_refused()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Password = "right" });

        await TestSettingsAsync(caluma => caluma.Settings[Setting] = $"127.0.0.1:{server.Port}", Reason.Auth);
    }

    [Fact]
    public async Task A_user_who_may_not_connect_fails_with_permission()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Users = ["few on >p ~* +get"] });

        await TestSettingsAsync(
            caluma => caluma.Settings[Setting] = server.ConnectionString(user: "few", password: "p"), Reason.Permission);
    }

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.Full)]
    public async Task A_cache_without_memory_is_full()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { MaxMemory = "1" });

        await TestSettingsAsync(caluma => caluma.Settings[Setting] = server.ConnectionString(), Reason.Full);
    }

    [Fact]
    public Task A_database_that_does_not_exist_is_missing() => TestSettingsAsync(
        caluma => caluma.Settings[Setting] = caluma.Cache.Server.ConnectionString(1_000_000), Reason.Missing);

    /// <remarks>Redis takes the TLS handshake for the beginning of a long command, and waits for its end.</remarks>
    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.NoTls)]
    public Task TLS_to_a_server_without_TLS_times_out() => TestSettingsAsync(
        caluma => caluma.Settings[Setting] = $"{caluma.Cache.ConnectionString},ssl=true", Reason.Timeout);

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.UntrustedCertificate)]
    public async Task An_untrusted_certificate_fails_with_tls()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Certificate = certificate });

        await TestSettingsAsync(caluma => caluma.Settings[Setting] = server.ConnectionString(), Reason.Tls);
    }

    private protected override async Task<IPEndPoint> UpstreamAsync(CalumaDeployment caluma) => (await Services.Redis).EndPoint;

    private protected override Task GoViaAsync(FaultServer proxy, CalumaDeployment caluma)
    {
        caluma.Settings[Setting] = caluma.Cache.ConnectionStringVia(proxy);
        return Task.CompletedTask;
    }

    private protected override async Task AssertNothingIsLeftAsync(CalumaDeployment caluma) =>
        Assert.All(await caluma.Cache.SecondsLeftAsync(), seconds => Assert.InRange(seconds, 0, 60));
}
