using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>
/// Flex Consumption refuses a site with an unsupported property (error 51021); older regions ignore the property
/// (https://github.com/Azure/terraform-azurerm-avm-res-web-site/issues/353). So each name is checked.
/// </summary>
[Slow]
public sealed class FlexConsumptionTests(Deployments deployments)
{
    // functionAppConfig and what is beside it: Microsoft's templates for Flex Consumption, Azure/azure-quickstart-templates
    // (quickstarts/microsoft.web/function-app-flex-managed-identities) and Azure-Samples/azure-functions-flex-consumption-samples
    // (IaC/bicep). siteUpdateStrategy: https://learn.microsoft.com/azure/azure-functions/flex-consumption-site-updates. siteConfig: the
    // properties that are left after all refusals with 51021, https://github.com/Azure/azure-cli/issues/31414.
    private static readonly string[] _taken =
    [
        "functionAppConfig.deployment.storage.authentication.type",
        "functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId",
        "functionAppConfig.deployment.storage.type",
        "functionAppConfig.deployment.storage.value",
        "functionAppConfig.runtime.name",
        "functionAppConfig.runtime.version",
        "functionAppConfig.scaleAndConcurrency.alwaysReady.instanceCount",
        "functionAppConfig.scaleAndConcurrency.alwaysReady.name",
        "functionAppConfig.scaleAndConcurrency.instanceMemoryMB",
        "functionAppConfig.scaleAndConcurrency.maximumInstanceCount",
        "functionAppConfig.scaleAndConcurrency.triggers.http.perInstanceConcurrency",
        "functionAppConfig.siteUpdateStrategy.type",
        "httpsOnly",
        "keyVaultReferenceIdentity",
        "serverFarmId",
        "siteConfig.appSettings.name",
        "siteConfig.appSettings.value",
        "siteConfig.http20Enabled",
        "siteConfig.minTlsVersion",
        "siteConfig.scmMinTlsVersion",
        "virtualNetworkSubnetId",
    ];

    // https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations, and the connection
    // string, which would override the identity if it were empty or left over (https://github.com/Azure/azure-functions-host/issues/11796).
    private static readonly string[] _deprecatedSettings =
    [
        "AzureWebJobsStorage", "AzureWebJobsDashboard", "ENABLE_ORYX_BUILD",
        "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_MAX_HTTP_CONCURRENCY",
        "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED", "FUNCTIONS_WORKER_PROCESS_COUNT", "FUNCTIONS_WORKER_RUNTIME",
        "FUNCTIONS_WORKER_RUNTIME_VERSION", "SCM_DO_BUILD_DURING_DEPLOYMENT", "TZ", "WEBSITES_CONTAINER_START_TIME_LIMIT",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTOVERVNET", "WEBSITE_CONTENTSHARE", "WEBSITE_DNS_SERVER",
        "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "WEBSITE_NODE_DEFAULT_VERSION", "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_SKIP_CONTENTSHARE_VALIDATION", "WEBSITE_TIME_ZONE", "WEBSITE_VNET_ROUTE_ALL",
    ];

    [Fact]
    public async Task Flex_Consumption_takes_every_property_of_the_site()
    {
        var used = new List<string>();
        foreach (var deployment in new[] { await deployments.Plain, await deployments.Full })
        {
            used.AddRange(Names(deployment.Single("Microsoft.Web/sites")["properties"], ""));
        }

        Assert.Equal(_taken, used.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_site_has_one_resource_of_its_own_and_there_is_no_FTP() =>
        Assert.Equal(
            ["Microsoft.Web/sites/basicPublishingCredentialsPolicies scm"],
            (await deployments.Full)
                .Resources.Where(resource => resource.Text("type").StartsWith("Microsoft.Web/sites/", StringComparison.Ordinal))
                .Select(resource => $"{resource["type"]} {resource.Text("name").Split('/')[^1]}"));

    [Fact]
    public async Task Flex_Consumption_takes_every_app_setting()
    {
        foreach (var deployment in new[] { await deployments.Plain, await deployments.Full })
        {
            Assert.Empty(deployment.AppSettings.Keys.Intersect(_deprecatedSettings, StringComparer.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task The_plan_is_Flex_Consumption_on_Linux()
    {
        var plan = (await deployments.Plain).Single("Microsoft.Web/serverfarms");

        Assert.Equal("FC1 FlexConsumption", $"{plan.At("sku.name")} {plan.At("sku.tier")}");
        Assert.Equal(["reserved", "zoneRedundant"], Names(plan["properties"], "").Order());
    }

    /// <summary>The paths of all values, without list indexes.</summary>
    private static IEnumerable<string> Names(JsonNode? node, string path) => node switch
    {
        JsonObject some => some.SelectMany(property => Names(property.Value, path.Length == 0 ? property.Key : $"{path}.{property.Key}")),
        JsonArray some => some.SelectMany(item => Names(item, path)),
        _ => [path],
    };
}
