using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>A few of the kills of <c>./dev endure --kills</c>.</summary>
[Slow(IsLong = true)]
public sealed class KillTests(Services services)
{
    [Fact]
    public async Task A_server_that_is_killed_in_its_runs_and_records_loses_nothing_and_leaves_nothing() =>
        Assert.Equal("", string.Join('\n', await KillCommand.RunAsync(services, kills: 4, lanes: 2, isFunctions: false)));

    [Fact]
    public async Task A_Functions_worker_that_is_killed_in_its_runs_and_records_loses_nothing_and_leaves_nothing() =>
        Assert.Equal("", string.Join('\n', await KillCommand.RunAsync(services, kills: 2, lanes: 1, isFunctions: true)));
}
