using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Servers.Functions.Protocol;
using Caluma.Healthz.Tests.Infra;
using Caluma.Healthz.Tests.Infra.Rules;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>The rule for functions that end with an exception, over what the worker exports of one.</summary>
[Slow]
public sealed class TelemetryExceptionTests(Services services, Infra.Deployments deployments, KqlEngine kql)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Fires("function-exception")]
    [Resolves("function-exception")]
    public async Task A_function_that_throws_is_found_by_its_rule_and_one_that_returns_is_not()
    {
        await using var ingestion = await TelemetryIngestion.StartAsync();
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] = ingestion.ConnectionString;
        deployment.Settings["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true";
        deployment.Settings["AzureFunctionsJobHost:telemetryMode"] = "OpenTelemetry";
        deployment.Settings["HEALTHZ_SCHEDULE"] = "0 * * * * *";
        deployment.Settings["Healthz:Timeout"] = "00:01:00";
        await using var host = await deployment.StartFunctionsAsync();
        await host.TickAsync();
        await Deadline.UntilAsync(
            "the run is exported",
            () => ingestion.Messages.Any(message => message.StartsWith("HealthzRunRecorded ", StringComparison.Ordinal)),
            () => $"{host.Printed}");
        Assert.Empty(await FindAsync(ingestion));

        var timer = host.Functions.Single(function => function.IsTimer);
        await Assert.ThrowsAsync<WorkerException>(() => host.InvokeAsync(timer, new TypedData { Json = "no timer" }, Cancel));
        await host.StopAsync();

        Assert.Equal(
            ["healthz-record, Microsoft.Azure.Functions.Worker.FunctionInputConverterException, 1"], await FindAsync(ingestion));
        var rule = await LogRule.OfAsync(deployments, kql, "function-exception");
        var now = ingestion.Tables["AppExceptions"]!.AsArray().Max(row => DateTimeOffset.Parse(row.Text("TimeGenerated"), null));
        Assert.True(await rule.FiresAsync(ingestion.Tables, now));
        Assert.False(await rule.FiresAsync(ingestion.Tables, now + TimeSpan.FromMinutes(15)));
    }

    private async Task<IEnumerable<string>> FindAsync(TelemetryIngestion ingestion)
    {
        var query = await File.ReadAllTextAsync(Path.Combine(InfraFolder.Origin, "queries", "function-exception.kql"), Cancel);
        var found = await kql.RunAsync(query, ingestion.Tables);
        Assert.Empty(found.Diagnostics);
        return found.Lines;
    }
}
