using System.Net;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.MediaStorage;

[Slow(IsLong = true)]
public sealed class S3FaultTests(Services services) : FaultTests(services)
{
    private protected override int Kept => 3;

    private protected override IReadOnlyList<string> Targets => ["media storage service"];

    /// <remarks>An open connection is not closed at once.</remarks>
    [Theory]
    [Holds(ProbedSystem.S3, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent)]
    [Holds(ProbedSystem.S3, SystemFault.Garbage, SystemFault.SlowDrip, SystemFault.HalfOpen)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Timeout)] // The garbage may be the beginning of a long line.
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task A_bucket_that_begins_to_fail_fails_alone_and_in_time(string fault, Reason reason) =>
        TestAsync(fault, fromStart: false, reason);

    [Theory]
    [Holds(ProbedSystem.S3, SystemFault.Cut)]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_cut_answer_fails_the_bucket(bool fromStart) => TestAsync(FaultMode.CutMidAnswer(20), fromStart, Reason.Connect);

    private protected override async Task<IPEndPoint> UpstreamAsync(CalumaDeployment caluma) => (await Services.S3).EndPoint;

    private protected override async Task GoViaAsync(FaultServer proxy, CalumaDeployment caluma)
    {
        var server = await Services.S3;
        caluma.StoreMediaIn(server.EndpointVia(proxy), server.AccessKey, server.SecretKey, await server.CreateBucketAsync());
    }
}
