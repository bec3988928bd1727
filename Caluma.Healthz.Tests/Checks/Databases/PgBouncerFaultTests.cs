using System.Net;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary>
/// Faults between the probe and a real PgBouncer. Its one connection to PostgreSQL serves the runs before and after a fault.
/// </summary>
[Slow(IsLong = true)]
public sealed class PgBouncerFaultTests(Services services) : FaultTests(services)
{
    private PgBouncerServer _pooler = null!;

    private protected override int Kept => 0;

    private protected override IReadOnlyList<string> Targets =>
        ["database migrations/default", "databases/default", "database models/default"];

    [Theory]
    [Holds(ProbedSystem.PgBouncer, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent)]
    [Holds(ProbedSystem.PgBouncer, SystemFault.Cut, SystemFault.Garbage, SystemFault.SlowDrip)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.ClosesAtOnce), Reason.Connect)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Protocol)]
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task The_pooler_fails_alone_and_in_time(string fault, Reason reason) => TestAsync(fault, fromStart: false, reason);

    [Theory]
    [Holds(ProbedSystem.PgBouncer, SystemFault.Cut)]
    [InlineData(20)]
    [InlineData(3000, "databases/default")]
    public Task Answers_before_the_cut_of_a_connection_stand(int afterBytes, params string[] answered) =>
        TestAsync(FaultMode.CutMidAnswer(afterBytes), fromStart: false, Reason.Connect, answered);

    private protected override async Task<IPEndPoint> UpstreamAsync(CalumaDeployment caluma)
    {
        _pooler = Keep(await PgBouncerServer.StartNewAsync(caluma.Database));
        return _pooler.EndPoint;
    }

    private protected override Task GoViaAsync(FaultServer proxy, CalumaDeployment caluma)
    {
        caluma.Settings["Healthz:Databases:default"] = _pooler.ConnectionStringVia(proxy);
        return Task.CompletedTask;
    }

    private protected override async Task AssertNothingIsLeftAsync(CalumaDeployment caluma) =>
        Assert.Equal(0, await caluma.Database.ScalarAsync<long>("SELECT count(*) FROM caluma_logging_accesslog"));
}
