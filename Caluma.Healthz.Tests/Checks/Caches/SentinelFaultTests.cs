using System.Net;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

/// <summary>Faults between the probe and a Sentinel whose primary is well. Each run asks Sentinel anew.</summary>
[Slow(IsLong = true)]
public sealed class SentinelFaultTests(Services services) : FaultTests(services)
{
    private protected override int Kept => 0;

    private protected override IReadOnlyList<string> Targets => ["caches/default"];

    [Theory]
    [Holds(ProbedSystem.Sentinel, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent)]
    [Holds(ProbedSystem.Sentinel, SystemFault.Cut, SystemFault.Garbage, SystemFault.SlowDrip)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.ClosesAtOnce), Reason.Connect)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Protocol)]
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task A_cache_behind_Sentinel_fails_alone_and_in_time(string fault, Reason reason) =>
        TestAsync(fault, fromStart: false, reason);

    private protected override async Task<IPEndPoint> UpstreamAsync(CalumaDeployment caluma)
    {
        var primary = Keep(await RedisServer.StartNewAsync());
        return Keep(await RedisSentinel.StartNewAsync(primary)).EndPoint;
    }

    private protected override Task GoViaAsync(FaultServer proxy, CalumaDeployment caluma)
    {
        caluma.Settings["Healthz:Caches:default"] = $"127.0.0.1:{proxy.Port},serviceName={RedisSentinel.Service}";
        return Task.CompletedTask;
    }
}
