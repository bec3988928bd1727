using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Server.Serving;

[Slow]
public class SingleFlightTests(Services services)
{
    [Fact]
    public async Task A_thousand_callers_at_once_cost_one_login_and_get_one_answer()
    {
        await using var postgres = await PostgresServer.StartNewAsync(
            new PostgresOptions { Settings = new Dictionary<string, string> { ["log_connections"] = "on" } });
        await using var database = await CalumaDeployment.CreateDatabaseAsync(postgres);
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Databases:default"] = database.ConnectionString;
        deployment.Settings["Healthz:MinInterval"] = "00:05:00";
        await using var probe = await deployment.StartProbeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => GetAsync(probe.Client)));

        Assert.Equal(
            """{"media storage service":{"ok":true},"caches":[{"default":{"ok":true}}]"""
            + ""","database migrations":[{"default":{"ok":true}}],"databases":[{"default":{"ok":true}}]"""
            + ""","database models":[{"default":{"ok":true}}]}""",
            Assert.Single(answers.Select(answer => answer.Body).Distinct()));
        Assert.Single(answers.Select(answer => answer.ServerTiming).Distinct());
        Assert.Single(probe.Log.GetSnapshot(), record => record.Id.Name == "HealthzRunCompleted");
        Assert.Single($"{postgres.Log}".Split('\n'), line =>
            line.Contains("connection authorized", StringComparison.Ordinal)
                && line.Contains("application_name=caluma-healthz", StringComparison.Ordinal));
    }

    private static async Task<(string Body, string ServerTiming)> GetAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/healthz/", UriKind.Relative), TestContext.Current.CancellationToken);
        return (
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            string.Join(",", response.Headers.GetValues("Server-Timing")));
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : SingleFlightTests(services);
}
