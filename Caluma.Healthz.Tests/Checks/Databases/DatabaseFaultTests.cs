using System.Net;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary>Each run connects anew, so earlier connections do not matter.</summary>
[Slow(IsLong = true)]
public sealed class DatabaseFaultTests(Services services) : FaultTests(services)
{
    private const string Setting = "Healthz:Databases:default";

    private protected override int Kept => 0;

    private protected override IReadOnlyList<string> Targets =>
        ["database migrations/default", "databases/default", "database models/default"];

    [Theory]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent)]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Cut, SystemFault.Garbage, SystemFault.SlowDrip)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.ClosesAtOnce), Reason.Connect)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Protocol)]
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task The_database_fails_alone_and_in_time(string fault, Reason reason) => TestAsync(fault, fromStart: false, reason);

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Cut)]
    public Task A_cut_login_fails_the_database() => TestAsync(FaultMode.CutMidAnswer(20), fromStart: false, Reason.Connect);

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Cut)]
    public Task Answers_before_the_cut_of_a_connection_stand() =>
        TestAsync(FaultMode.CutMidAnswer(3000), fromStart: false, Reason.Connect, answered: "databases/default");

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.WrongCredentials)]
    public async Task A_wrong_password_is_refused()
    {
        var role = $"role_{Guid.NewGuid():N}";
        await (await Services.Postgres).ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'right'");

        await TestSettingsAsync(caluma => caluma.Settings[Setting] = caluma.Database.ConnectionStringFor(role, "wrong"), Reason.Auth);
    }

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Full)]
    public async Task A_role_without_a_connection_left_is_full_and_no_wrong_password()
    {
        var role = $"role_{Guid.NewGuid():N}";
        await (await Services.Postgres).ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'right' CONNECTION LIMIT 0");

        await TestSettingsAsync(caluma => caluma.Settings[Setting] = caluma.Database.ConnectionStringFor(role, "right"), Reason.Full);
    }

    [Fact]
    public Task A_database_that_does_not_exist_is_missing() => TestSettingsAsync(
        caluma => caluma.Settings[Setting] = caluma.Database.Server.ConnectionString("no_such_database"), Reason.Missing);

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.NoTls)]
    public Task TLS_to_a_server_without_TLS_fails_with_tls() => TestSettingsAsync(
        caluma => caluma.Settings[Setting] = $"{caluma.Database.ConnectionString};SSL Mode=Require", Reason.Tls);

    private protected override async Task<IPEndPoint> UpstreamAsync(CalumaDeployment caluma) => (await Services.Postgres).EndPoint;

    private protected override Task GoViaAsync(FaultServer proxy, CalumaDeployment caluma)
    {
        caluma.Settings[Setting] = caluma.Database.ConnectionStringVia(proxy);
        return Task.CompletedTask;
    }

    private protected override async Task AssertNothingIsLeftAsync(CalumaDeployment caluma)
    {
        await Deadline.UntilAsync(
            "the connections of the probe are gone", async () => await caluma.Database.CountConnectionsAsync("caluma-healthz") == 0);
        Assert.Equal(0, await caluma.Database.ScalarAsync<long>("SELECT count(*) FROM caluma_logging_accesslog"));
    }
}
