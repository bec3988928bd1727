using Caluma.Healthz.Configuration;
using Caluma.Healthz.Tests.Configuration;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The settings of a deployment are those that the probe and the Functions host read.</summary>
[Slow]
public sealed class AppSettingsTests(Deployments deployments)
{
    [Fact]
    public async Task The_probe_accepts_the_settings()
    {
        foreach (var deployment in new[] { await deployments.Plain, await deployments.Full })
        {
            Assert.Equal([], Read(deployment).Problems.Select(problem => $"{problem}"));
        }
    }

    [Fact]
    public async Task The_settings_name_the_targets()
    {
        var options = Read(await deployments.Full).Options;

        Assert.True(options.Enabled);
        Assert.Equal(["archive", "default"], options.Databases.Select(database => database.Alias).Order());
        Assert.Equal("default", Assert.Single(options.Caches).Alias);
        Assert.Equal(
            new Uri("https://calumamedia.blob.core.windows.net/"), Assert.IsType<BlobStorageOptions>(options.MediaStorage).ServiceUri);
        Assert.Equal(CheckSet.Of(Check.Caches, Check.Databases), options.Checks);
        Assert.Equal(TimeSpan.FromSeconds(2), options.MinInterval);
    }

    [Fact]
    public async Task The_timer_finds_its_schedule_under_a_name_that_the_scale_controller_resolves()
    {
        var settings = (await deployments.Plain).AppSettings;

        Assert.Equal("0 * * * * *", settings["HEALTHZ_SCHEDULE"]);
        Assert.DoesNotContain("Healthz__Schedule", settings.Keys);
    }

    [Fact]
    public async Task The_history_is_in_the_storage_of_the_deployment()
    {
        var deployment = await deployments.Plain;

        var account = deployment.Single("Microsoft.Storage/storageAccounts").Text("name");
        Assert.Equal($"https://{account}.blob.core.windows.net/", deployment.AppSettings["Healthz__History__ServiceUri"]);
        Assert.Contains(
            deployment.Of("Microsoft.Storage/storageAccounts/blobServices/containers"),
            container => container.Text("name") == $"{account}/default/{deployment.AppSettings["Healthz__History__Container"]}");
    }

    [Fact]
    public async Task The_host_uses_the_identity_for_everything()
    {
        var settings = (await deployments.Plain).AppSettings;

        Assert.Equal(settings["Healthz__History__ServiceUri"], settings["AzureWebJobsStorage__blobServiceUri"]);
        Assert.Equal($"https://{settings["AzureWebJobsStorage__accountName"]}.blob.core.windows.net/",
            settings["AzureWebJobsStorage__blobServiceUri"]);
        Assert.Equal("ManagedIdentityCredential", settings["AZURE_TOKEN_CREDENTIALS"]);
        Assert.Equal("managedidentity", settings["AzureWebJobsStorage__credential"]);
        Assert.Equal("(identity.clientId)", settings["AzureWebJobsStorage__clientId"]);
        Assert.Equal("(identity.clientId)", settings["AZURE_CLIENT_ID"]);
        Assert.Equal("(monitoring.connectionString)", settings["APPLICATIONINSIGHTS_CONNECTION_STRING"]);
        Assert.Equal("ClientId=(identity.clientId);Authorization=AAD", settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
    }

    [Fact]
    public async Task Host_and_worker_send_the_log_by_the_same_way()
    {
        const string mode = "AzureFunctionsJobHost__telemetryMode";
        var exported = await Deployment.PredictAsync("param telemetry = 'openTelemetry'");

        Assert.Equal("OpenTelemetry", exported.AppSettings[mode]);
        Assert.Empty(Read(exported).Problems);
        Assert.DoesNotContain(mode, (await deployments.AsItComes).AppSettings.Keys);
    }

    /// <summary>Reads them like the probe, with a value for each secret.</summary>
    private static HealthzConfiguration Read(Deployment deployment) => HealthzConfiguration.Read(Settings.Of(
        from setting in deployment.AppSettings
        let value = setting.Value.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal)
            ? setting.Key.Contains("Database", StringComparison.Ordinal)
                ? "Host=db;Database=caluma;Username=healthz" : "rediss://cache:6380"
            : setting.Value
        select $"{setting.Key}={value}"));
}
