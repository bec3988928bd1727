using System.Net;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

/// <summary>Faults between the probe and one server of a cluster, to which the probe has a connection already.</summary>
[Slow(IsLong = true)]
public sealed class ClusterFaultTests(Services services) : FaultTests(services)
{
    private RedisCluster _cluster = null!;

    private protected override int Kept => 1;

    private protected override IReadOnlyList<string> Targets => ["caches/default"];

    [Theory]
    [Holds(ProbedSystem.Cluster, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent)]
    [Holds(ProbedSystem.Cluster, SystemFault.Garbage, SystemFault.SlowDrip, SystemFault.HalfOpen)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Protocol)]
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task A_cluster_with_one_such_server_fails_alone_and_in_time(string fault, Reason reason) =>
        TestAsync(fault, fromStart: false, reason);

    private protected override async Task<IPEndPoint> UpstreamAsync(CalumaDeployment caluma)
    {
        _cluster = Keep(await RedisCluster.StartNewAsync());
        return _cluster.Servers[0].EndPoint;
    }

    private protected override async Task GoViaAsync(FaultServer proxy, CalumaDeployment caluma)
    {
        await _cluster.AnnounceAsync(proxy.Port);
        caluma.Settings["Healthz:Caches:default"] =
            string.Join(',', _cluster.Servers.Select((server, node) => $"127.0.0.1:{(node == 0 ? proxy.Port : server.Port)}"));
    }
}
