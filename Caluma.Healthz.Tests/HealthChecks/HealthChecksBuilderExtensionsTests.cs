using Caluma.Healthz.HealthChecks;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Caluma.Healthz.Tests.HealthChecks;

[Slow]
public sealed class HealthChecksBuilderExtensionsTests(Services services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_gets_a_health_check_for_each_check_and_target_and_all_share_a_run()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:MinInterval"] = "00:00:10";
        await using var application = Application(deployment.Configuration());
        await application.StartAsync(Cancel);
        var before = await deployment.Database.CountSessionsAsync();

        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel));

        var report = await application.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        Assert.Equal(
            [
                "caluma caches default", "caluma database migrations default", "caluma database models default", "caluma databases default",
                "caluma media storage service default",
            ],
            report.Entries.Keys.Order(StringComparer.Ordinal));
        await Deadline.UntilAsync("the connection is counted", async () => await deployment.Database.CountSessionsAsync() > before);
        Assert.Equal(1, await deployment.Database.CountSessionsAsync() - before);
    }

    [Fact]
    public async Task A_failure_is_described_by_its_reason_alone_and_can_be_chosen_by_tag()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Databases:archive"] = deployment.Database.ConnectionStringFor("nobody", "canary");
        await using var application = Application(deployment.Configuration());

        var report = await application.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(registration => registration.Tags.Contains("databases"), Cancel);

        Assert.Equal(HealthStatus.Healthy, report.Entries["caluma databases default"].Status);
        var failed = report.Entries["caluma databases archive"];
        Assert.Equal((HealthStatus.Unhealthy, "auth", null), (failed.Status, failed.Description, failed.Exception));
        Assert.Equal(2, report.Entries.Count);
    }

    [Fact]
    public void Invalid_settings_are_refused_with_all_problems()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Healthz:Timeout"] = "soon",
            ["Healthz:Databases:default"] = "gopher://db",
        }).Build();

        var refusal = Assert.Throws<OptionsValidationException>(() => Application(settings));

        Assert.Equal(2, refusal.Failures.Count());
    }

    private static WebApplication Application(IConfiguration settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHealthChecks().AddCalumaHealthz(settings);
        var application = builder.Build();
        application.MapHealthChecks("/health");
        return application;
    }
}
