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

        var tables = new LogTables();
        foreach (var line in host.Log.Where(line => line.Level >= LogLevel.Information))
        {
            tables.Log(log => log.Log(line.Level, new EventId(0, line.EventName), line.Message, null, (message, _) => message));
        }

        var query = await File.ReadAllTextAsync(Path.Combine(InfraFolder.Origin, "queries", "alert-critical.kql"), Cancel);
        Assert.StartsWith("cache-default-", Assert.Single((await kql.RunAsync(query, tables.Tables)).Lines), StringComparison.Ordinal);
        Assert.All(host.Log, line => Assert.Equal("Function.healthz-record.User", line.Category));
    }
}
