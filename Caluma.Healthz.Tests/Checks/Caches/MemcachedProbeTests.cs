using System.Text;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

[Slow]
public class MemcachedProbeTests(Services services)
{
    [Fact]
    public async Task A_server_that_sets_gets_and_deletes_passes()
    {
        await using var server = await MemcachedServer.StartNewAsync();

        Assert.Null(await ReasonAsync($"memcached://127.0.0.1:{server.Port}"));
    }

    [Fact]
    public async Task A_Memcached_in_Calumas_own_settings_passes()
    {
        await using var server = await MemcachedServer.StartNewAsync();
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings.Remove("Healthz:Caches:default");
        deployment.Settings["CACHE_BACKEND"] = "django.core.cache.backends.memcached.MemcachedCache";
        deployment.Settings["CACHE_LOCATION"] = $"127.0.0.1:{server.Port}";
        await using var probe = await deployment.StartProbeAsync();
        Assert.Equal(["caches/default: ok"], (await probe.ReportAsync("?check=caches")).Verdicts);

        // Upstream passes here, because its client ignores the error.
        await server.StopAsync();
        Assert.Equal(["caches/default: failed"], (await probe.ReportAsync("?check=caches")).Verdicts);

        await server.StartAsync();
        Assert.Equal(["caches/default: ok"], (await probe.ReportAsync("?check=caches")).Verdicts);
    }

    [Fact]
    public async Task One_server_of_several_that_is_down_fails_the_cache()
    {
        await using var up = await MemcachedServer.StartNewAsync();
        await using var down = FaultServer.Start(FaultMode.Refused);

        Assert.Equal("connect", await ReasonAsync($"memcached://127.0.0.1:{up.Port},127.0.0.1:{down.Port}"));
    }

    [Theory]
    [Holds(ProbedSystem.Memcached, SystemFault.WrongCredentials, SystemFault.Full)]
    [InlineData("SERVER_ERROR out of memory storing object\r\n", "full")]
    [InlineData("CLIENT_ERROR unauthenticated\r\n", "auth")]
    [InlineData("ERROR\r\n", "protocol")]
    [InlineData("STORED\r\nEND\r\n", "mismatch")]
    public async Task An_unexpected_answer_has_its_reason(string answer, string reason)
    {
        await using var server = FaultServer.Start(FaultMode.Answering(Encoding.ASCII.GetBytes(answer)));

        Assert.Equal(reason, await ReasonAsync($"memcached://127.0.0.1:{server.Port}"));
    }

    [Fact]
    [Holds(ProbedSystem.Memcached, SystemFault.Endless)]
    public async Task An_endless_line_fails_the_cache_within_the_timeout()
    {
        await using var server = FaultServer.Start(FaultMode.Answering(new byte[4096]));

        Assert.Equal("protocol", await ReasonAsync($"memcached://127.0.0.1:{server.Port}"));
    }

    [Theory]
    [Holds(ProbedSystem.Memcached, SystemFault.Refused, SystemFault.Silent, SystemFault.Cut, SystemFault.SlowDrip)]
    [InlineData("refused", "connect")]
    [InlineData("silent", "timeout")]
    [InlineData("closes", "connect")]
    [InlineData("drips", "timeout")]
    public async Task A_server_that_misbehaves_fails_in_time(string fault, string reason)
    {
        await using var upstream = await MemcachedServer.StartNewAsync();
        await using var server = FaultServer.Start(
            fault switch
            {
                "refused" => FaultMode.Refused,
                "silent" => FaultMode.AcceptsAndNeverAnswers,
                "closes" => FaultMode.ClosesAtOnce,
                _ => FaultMode.SlowDrip(TimeSpan.FromSeconds(1)),
            },
            upstream.EndPoint);

        Assert.Equal(
            reason,
            await ReasonAsync($"memcached://127.0.0.1:{server.Port}", reason == "timeout" ? ProbedCache.ShortTimeout : null));
        await server.UntilNoneOpenAsync();
    }

    /// <summary>Null where the check passes.</summary>
    private Task<string?> ReasonAsync(string cache, TimeSpan? timeout = null) => ProbedCache.ReasonAsync(services, cache, timeout);

    [Slow]
    [Native]
    public sealed class Native(Services services) : MemcachedProbeTests(services);
}
