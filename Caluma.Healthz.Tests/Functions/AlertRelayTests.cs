using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Tests.Infra;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>The queries of the alert rules over the log as the host relays it: name, level and message only.</summary>
[Slow]
public sealed class AlertRelayTests(Services services, KqlEngine kql)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_incident_of_the_timer_reaches_the_query_of_its_rule()
    {
        using var nobody = new PortReservation();
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Checks"] = "caches";
        deployment.Settings["Healthz:Caches:default"] = $"127.0.0.1:{nobody.Port}";
        deployment.Settings["HEALTHZ_SCHEDULE"] = "*/5 * * * * *";
        await using var host = await deployment.StartFunctionsAsync(ticks: true);
        await Deadline.UntilAsync("an incident opens", () => host.Logged("HealthzIncidentOpened").Count > 0, () => $"{host.Printed}");

        var found = Assert.Single(await CriticalAsync(host.Log));
        Assert.StartsWith("cache-default-", found, StringComparison.Ordinal);
        Assert.All(host.Log, line => Assert.Equal("Function.healthz-record.User", line.Category));

        // The host ends, too, before it has sent anything.
        await Deadline.UntilAsync("the history has it as told", () => host.Log
            .SkipWhile(line => line.EventName != "HealthzIncidentOpened").Any(line => line.EventName == "HealthzRunRecorded"));
        await host.KillWorkerAsync();
        var lost = host.Log.Count;
        await Deadline.UntilAsync(
            "the next worker tells of it",
            () => host.Log.Skip(lost).Any(line => line.EventName == "HealthzIncidentRepeated"),
            () => $"{host.Printed}");

        // The runs that were missing meanwhile may be an incident of their own.
        Assert.Contains(found, await CriticalAsync(host.Log.Skip(lost)));
    }

    private async Task<IEnumerable<string>> CriticalAsync(IEnumerable<RelayedLog> relayed)
    {
        var tables = new LogTables();
        foreach (var line in relayed.Where(line => line.Level >= LogLevel.Information))
        {
            tables.Log(log => log.Log(line.Level, new EventId(0, line.EventName), line.Message, null, (message, _) => message));
        }

        var query = await File.ReadAllTextAsync(Path.Combine(InfraFolder.Origin, "queries", "alert-critical.kql"), Cancel);
        return (await kql.RunAsync(query, tables.Tables)).Lines;
    }
}
