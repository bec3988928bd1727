using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

[Slow]
public sealed class DeploymentTests(Deployments deployments)
{
    [Fact]
    public async Task Everything_is_known_before_the_deployment()
    {
        Assert.Empty((await deployments.Plain).Diagnostics);
        Assert.Empty((await deployments.Full).Diagnostics);
    }

    [Fact]
    public async Task The_storage_has_no_keys_no_old_TLS_and_nothing_public()
    {
        var deployment = await deployments.Plain;
        var account = deployment.Single("Microsoft.Storage/storageAccounts")["properties"]!;

        Assert.False(account.Flag("allowSharedKeyAccess"));
        Assert.False(account.Flag("allowBlobPublicAccess"));
        Assert.False(account.Flag("allowCrossTenantReplication"));
        Assert.True(account.Flag("supportsHttpsTrafficOnly"));
        Assert.Equal("TLS1_2", account.Text("minimumTlsVersion"));
        Assert.Equal(
            ["healthz None", "packages None"],
            deployment.Of("Microsoft.Storage/storageAccounts/blobServices/containers")
                .Select(container => $"{container.Text("name").Split('/')[^1]} {container.At("properties.publicAccess")}").Order());
    }

    [Fact]
    public async Task The_app_runs_dotnet_10_on_Flex_Consumption_with_small_instances_and_many_callers()
    {
        var deployment = await deployments.Plain;
        var app = deployment.Single("Microsoft.Web/sites")["properties"]!;
        var scale = app.At("functionAppConfig.scaleAndConcurrency")!;

        Assert.Equal("FC1", deployment.Single("Microsoft.Web/serverfarms").Text("sku.name"));
        Assert.Equal("dotnet-isolated 10.0", $"{app.At("functionAppConfig.runtime.name")} {app.At("functionAppConfig.runtime.version")}");
        Assert.Equal(512, scale.Number("instanceMemoryMB"));
        Assert.Equal(4, scale.Number("maximumInstanceCount"));
        Assert.Empty(scale.Items("alwaysReady"));
    }

    // An instance of 512 MB has a quarter of a core. At 0.6 ms a request it answers 100 concurrent ones within the half second that an
    // answer may be late.
    [Theory]
    [InlineData(100)]
    [InlineData(400, "param instanceMemoryMB = 2048")]
    [InlineData(800, "param instanceMemoryMB = 4096")]
    [InlineData(7, "param instanceMemoryMB = 4096", "param httpConcurrency = 7")]
    public async Task The_concurrency_of_an_instance_follows_its_size(int requests, params string[] parameters)
    {
        var deployment = await Deployment.PredictAsync(["// Nothing more.", .. parameters]);

        Assert.Equal(
            requests,
            deployment.Single("Microsoft.Web/sites")
                .Number("properties.functionAppConfig.scaleAndConcurrency.triggers.http.perInstanceConcurrency"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task The_maximum_of_instances_is_from_1_to_1000(int instances)
    {
        var deployment = await Deployment.PredictAsync($"param maximumInstanceCount = {instances}");

        Assert.Equal(
            instances, deployment.Single("Microsoft.Web/sites")
                .Number("properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount"));
    }

    [Fact]
    public async Task Zone_redundancy_needs_a_zone_redundant_storage()
    {
        Assert.False((await deployments.Plain).Single("Microsoft.Web/serverfarms").Flag("properties.zoneRedundant"));
        Assert.True((await deployments.Full).Single("Microsoft.Web/serverfarms").Flag("properties.zoneRedundant"));
        Assert.Equal("Standard_ZRS", (await deployments.Full).Single("Microsoft.Storage/storageAccounts").Text("sku.name"));

        var said = await Deployment.RefuseAsync("param zoneRedundant = true");
        Assert.Contains("zoneRedundant is true, so storageSku must be Standard_ZRS or Standard_GZRS", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_replaces_instances_one_by_one_only_on_request()
    {
        const string Strategy = "properties.functionAppConfig.siteUpdateStrategy";

        Assert.Null((await deployments.Plain).Single("Microsoft.Web/sites").At(Strategy));
        Assert.Equal("RollingUpdate", (await deployments.Full).Single("Microsoft.Web/sites").Text($"{Strategy}.type"));
    }

    // Key Vault refuses false; true cannot be undone.
    [Theory]
    [InlineData("true")]
    [InlineData("", "param purgeProtection = false")]
    public async Task A_deleted_key_vault_can_be_purged_only_in_a_trial(string expected, params string[] parameters)
    {
        var vault = (await Deployment.PredictAsync(["// Nothing more.", .. parameters])).Single("Microsoft.KeyVault/vaults");

        Assert.Equal(expected, $"{vault.At("properties.enablePurgeProtection")}");
        Assert.True(vault.Flag("properties.enableSoftDelete"));
    }

    [Fact]
    public async Task The_app_takes_HTTPS_and_no_password_of_its_own()
    {
        var deployment = await deployments.Plain;
        var app = deployment.Single("Microsoft.Web/sites")["properties"]!;

        Assert.True(app.Flag("httpsOnly"));
        Assert.Equal("1.2", app.Text("siteConfig.minTlsVersion"));
        Assert.Equal("1.2", app.Text("siteConfig.scmMinTlsVersion"));
        Assert.False(deployment.Single("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Flag("properties.allow"));
    }

    [Fact]
    public async Task One_identity_has_the_roles_that_it_needs_and_no_other()
    {
        var roles = (await deployments.Full).Of("Microsoft.Authorization/roleAssignments").Select(role => role["properties"]!).ToList();

        Assert.All(roles, role => Assert.Equal("(identity.principalId)", role.Text("principalId")));
        Assert.Equal(
            [
                "3913510d-42f4-4e42-8a64-420c390055eb", // Monitoring Metrics Publisher
                "4633458b-17de-408a-b874-0445c86b69e6", // Key Vault Secrets User
                "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", // Storage Blob Data Owner
                "ba92f5b4-2d11-453d-a403-e96b0029c9fe", // Storage Blob Data Contributor
            ],
            roles.Select(role => role.Text("roleDefinitionId").Split('/')[^1]).Order());
    }

    [Fact]
    public async Task The_role_on_the_media_is_limited_to_their_container()
    {
        var deployment = await deployments.Full;

        var role = Assert.Single(
            deployment.Of("Microsoft.Authorization/roleAssignments"), role => $"{role}".Contains("ba92f5b4", StringComparison.Ordinal));
        Assert.Equal(
            "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/caluma/providers/"
            + "Microsoft.Storage/storageAccounts/calumamedia/blobServices/default/containers/caluma-media",
            role.Text("id").Split("/providers/Microsoft.Authorization/")[0]);
        Assert.Equal(3, (await deployments.Plain).Of("Microsoft.Authorization/roleAssignments").Count());
    }

    [Fact]
    public async Task The_lifecycle_rule_deletes_records_by_the_settings_and_rollups_later()
    {
        var deployment = await deployments.Plain;
        var rules = deployment.Single("Microsoft.Storage/storageAccounts/managementPolicies").Items("properties.policy.rules").ToList();
        var container = deployment.AppSettings["Healthz__History__Container"];

        Assert.Equal(deployment.AppSettings["Healthz__History__RetentionDays"], $"{Days("records")}");
        Assert.True(Days("rollups") >= 400);
        Assert.Equal($"appendBlob {container}/records/", Blobs("records"));
        Assert.Equal($"blockBlob {container}/rollups/", Blobs("rollups"));

        JsonNode Rule(string name) => rules.Single(rule => rule.Text("name") == name);

        int Days(string name) => Rule(name).Number("definition.actions.baseBlob.delete.daysAfterModificationGreaterThan");

        string Blobs(string name) =>
            $"{Assert.Single(Rule(name).Items("definition.filters.blobTypes"))} "
                + $"{Assert.Single(Rule(name).Items("definition.filters.prefixMatch"))}";
    }

    [Fact]
    public async Task Every_referenced_secret_can_be_written()
    {
        var deployment = await deployments.Full;
        var vault = deployment.Single("Microsoft.KeyVault/vaults");

        Assert.Equal(
            from secret in deployment.Of("Microsoft.KeyVault/vaults/secrets").Select(secret => secret.Text("name").Split('/')[1]).Order()
            select $"@Microsoft.KeyVault(SecretUri=https://{vault["name"]}.vault.azure.net/secrets/{secret})",
            deployment.AppSettings.Values.Where(value => value.StartsWith('@')).Order());
        Assert.True(vault.Flag("properties.enableRbacAuthorization"));
        Assert.Equal(
            deployment.Single("Microsoft.ManagedIdentity/userAssignedIdentities").Text("id"),
            deployment.Single("Microsoft.Web/sites").Text("properties.keyVaultReferenceIdentity"));
    }

    [Fact]
    public async Task With_a_network_only_the_app_is_reachable_from_outside()
    {
        var plain = await deployments.Plain;
        var full = await deployments.Full;

        foreach (var type in new[] { "Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults" })
        {
            Assert.Equal("Enabled Allow", Access(plain.Single(type)));
            Assert.Equal("Disabled Deny", Access(full.Single(type)));
            Assert.Contains(
                full.Of("Microsoft.Network/privateEndpoints"),
                endpoint => endpoint.Text("properties.privateLinkServiceConnections.0.properties.privateLinkServiceId")
                    == full.Single(type).Text("id"));
        }

        Assert.Equal(2, full.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());
        Assert.Equal(
            ["privatelink.blob.core.windows.net", "privatelink.vaultcore.azure.net"],
            full.Of("Microsoft.Network/privateDnsZones").Select(zone => zone.Text("name")).Order());
        Assert.Equal(
            "Microsoft.App/environments",
            full.Single("Microsoft.Network/virtualNetworks").Text("properties.subnets.0.properties.delegations.0.properties.serviceName"));
        Assert.DoesNotContain(plain.Resources, IsNetwork);

        static string Access(JsonObject resource) =>
            $"{resource.At("properties.publicNetworkAccess")} {resource.At("properties.networkAcls.defaultAction")}";
    }

    [Fact]
    public async Task Subnets_that_exist_are_used_and_nothing_is_added_to_their_network()
    {
        const string Group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/net";
        const string Subnets = $"{Group}/providers/Microsoft.Network/virtualNetworks/net/subnets";

        var deployment = await Deployment.PredictAsync(
            "param networking = 'existing'",
            $"param functionsSubnetId = '{Subnets}/functions'",
            $"param endpointsSubnetId = '{Subnets}/endpoints'");

        Assert.Empty(deployment.Diagnostics);
        Assert.Equal(
            [$"{Subnets}/endpoints", $"{Subnets}/endpoints"],
            deployment.Of("Microsoft.Network/privateEndpoints").Select(endpoint => endpoint.Text("properties.subnet.id")));
        Assert.Equal(2, deployment.Resources.Count(IsNetwork));
    }

    [Fact]
    public async Task Every_resource_that_can_have_tags_has_them()
    {
        var deployment = await deployments.Full;

        Assert.All(
            deployment.Resources.Where(resource => resource.ContainsKey("location")),
            resource => Assert.Contains("caluma-healthz", $"{resource["tags"]}", StringComparison.Ordinal));
        Assert.Equal("healthz", deployment.Single("Microsoft.Web/sites").Text("tags.azd-service-name"));
    }

    [Fact]
    public async Task Reads_of_secrets_are_logged_and_metrics_are_not()
    {
        var deployment = await deployments.Plain;
        var setting = deployment.Single("Microsoft.Insights/diagnosticSettings");

        Assert.Contains("/vaults/", setting.Text("id"), StringComparison.Ordinal);
        Assert.Equal("audit", Assert.Single(setting.Items("properties.logs")).Text("categoryGroup"));
        Assert.Null(setting.At("properties.metrics"));
        Assert.Equal(
            deployment.Single("Microsoft.OperationalInsights/workspaces").Text("id"), setting.Text("properties.workspaceId"));
    }

    [Fact]
    public async Task Nothing_samples_or_caps_the_log()
    {
        var deployment = await deployments.Plain;

        Assert.Null(deployment.Single("Microsoft.Insights/components").At("properties.SamplingPercentage"));
        Assert.Null(deployment.Single("Microsoft.OperationalInsights/workspaces").At("properties.workspaceCapping"));
        Assert.True(deployment.Single("Microsoft.Insights/components").Flag("properties.DisableLocalAuth"));
    }

    [Fact]
    public async Task The_outputs_say_where_the_probe_is_and_how_to_get_its_key()
    {
        var deployment = await deployments.Plain;
        var app = deployment.Single("Microsoft.Web/sites").Text("name");

        Assert.Equal("https://healthz.example/healthz/", deployment.Outputs.Text("healthzUrl"));
        Assert.Equal(
            $"az functionapp keys list --resource-group healthz --name {app} --query functionKeys.default --output tsv",
            deployment.Outputs.Text("healthzShowKey"));
        Assert.Equal(app, deployment.Outputs.Text("healthzFunctionApp"));
    }

    private static bool IsNetwork(JsonObject resource) => resource.Text("type").StartsWith("Microsoft.Network/", StringComparison.Ordinal);
}
