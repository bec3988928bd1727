using Azure.Identity;

namespace Caluma.Healthz.Tests.Configuration;

/// <summary>
/// The forms of https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity and
/// of the common properties of identity-based connections on that page.
/// </summary>
public sealed class HostStorageSettingsTests
{
    private const string Name = "AzureWebJobsStorage__accountName=account1";
    private const string Address = "AzureWebJobsStorage__blobServiceUri=https://host.blob.core.windows.net";
    private const string Id = "00000000-1111-2222-3333-444444444444";
    private const string Key = "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=AAAA";
    private const string NoApplication =
        "AzureWebJobsStorage__clientId and AzureWebJobsStorage__tenantId are not those of an application; expected a GUID, and a GUID or a "
        + "domain";

    private const string Resource =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/"
        + "Microsoft.ManagedIdentity/userAssignedIdentities/probe";

    [Theory]
    [InlineData("https://account1.blob.core.windows.net/ container healthz with the identity of the process",
        "AzureWebJobsStorage__accountName", Name)]
    [InlineData("https://host.blob.core.windows.net/ container healthz with the identity of the process",
        "AzureWebJobsStorage__blobServiceUri", Address)]
    [InlineData(
        "https://host.blob.core.windows.net/ container healthz with the identity of the process",
        "AzureWebJobsStorage__blobServiceUri",
        Name,
        Address)]
    [InlineData(
        "https://s.blob.core.windows.net/ container healthz with the identity of the process",
        "AzureWebJobsStorage__serviceUri",
        "AzureWebJobsStorage__serviceUri=https://s.blob.core.windows.net")]
    [InlineData(
        "https://account1.blob.core.windows.net/ container healthz with the system-assigned identity",
        "AzureWebJobsStorage__accountName",
        Name,
        "AzureWebJobsStorage__credential=managedidentity")]
    [InlineData(
        "https://account1.blob.core.windows.net/ container healthz with the system-assigned identity",
        "AzureWebJobsStorage__accountName",
        "azurewebjobsstorage__ACCOUNTNAME=account1",
        "AzureWebJobsStorage__queueServiceUri=https://account1.queue.core.windows.net",
        "AzureWebJobsStorage__tableServiceUri=https://account1.table.core.windows.net",
        "AzureWebJobsStorage__credential=ManagedIdentity")]
    [InlineData(
        $"https://account1.blob.core.windows.net/ container healthz with the identity {Id}",
        "AzureWebJobsStorage__accountName",
        Name,
        "AzureWebJobsStorage__credential=managedidentity",
        $"AzureWebJobsStorage__clientId={Id}")]
    [InlineData(
        $"https://account1.blob.core.windows.net/ container healthz with the identity {Id}",
        "AzureWebJobsStorage__accountName",
        Name,
        $"AzureWebJobsStorage__clientId={Id}")]
    [InlineData(
        "https://account1.blob.core.windows.net/ container healthz with the identity probe",
        "AzureWebJobsStorage__accountName",
        Name,
        "AzureWebJobsStorage__credential=managedidentity",
        $"AzureWebJobsStorage__managedIdentityResourceId={Resource}")]
    [InlineData(
        $"https://account1.blob.core.windows.net/ container healthz with the identity {Id}",
        "AzureWebJobsStorage__accountName",
        Name,
        $"AzureWebJobsStorage__managedIdentityObjectId={Id}")]
    [InlineData(
        $"https://account1.blob.core.windows.net/ container healthz with the application {Id}",
        "AzureWebJobsStorage__accountName",
        Name,
        "AzureWebJobsStorage__tenantId=example.org",
        $"AzureWebJobsStorage__clientId={Id}",
        "AzureWebJobsStorage__clientSecret=hidden")]
    [InlineData("https://account.blob.core.windows.net/ container healthz", "AzureWebJobsStorage", $"AzureWebJobsStorage={Key}", Name)]
    [InlineData("https://account.blob.core.windows.net/ container healthz",
        "AzureWebJobsStorage__connectionString", $"AzureWebJobsStorage__connectionString={Key}")]
    [InlineData("https://account.blob.core.windows.net/ container healthz",
        "ConnectionStrings__AzureWebJobsStorage", $"ConnectionStrings__AzureWebJobsStorage={Key}")]
    public void Each_form_of_the_documentation_is_read(string shown, string source, params string[] settings)
    {
        var configuration = Settings.Read(settings);

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("history", shown, source), configuration.Values);
        Assert.NotNull(configuration.Options.History);
        Assert.DoesNotContain(configuration.Values, value => $"{value}".Contains("hidden", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(typeof(ManagedIdentityCredential), "AzureWebJobsStorage__credential=managedidentity")]
    [InlineData(typeof(ManagedIdentityCredential), $"AzureWebJobsStorage__clientId={Id}")]
    [InlineData(
        typeof(ClientSecretCredential),
        "AzureWebJobsStorage__tenantId=example.org",
        $"AzureWebJobsStorage__clientId={Id}",
        "AzureWebJobsStorage__clientSecret=hidden")]
    public void The_named_identity_is_used(Type? credential, params string[] settings) =>
        Assert.Equal(credential, Settings.ReadOptions([Name, .. settings]).History!.Storage!.Identity?.GetType());

    [Theory]
    [InlineData(
        "AzureWebJobsStorage has settings below it, and none of them says where the blobs are; expected "
            + "AzureWebJobsStorage__accountName or "
        + "AzureWebJobsStorage__blobServiceUri, or Healthz__History__ConnectionString or __ServiceUri for a history of its own",
        "AzureWebJobsStorage__queueServiceUri=https://account1.queue.core.windows.net",
        "AzureWebJobsStorage__credential=managedidentity")]
    [InlineData(
        "AzureWebJobsStorage__accountName is not the name of a storage account; expected 3 to 24 lower-case letters and digits; for an "
            + "address, "
        + "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__accountName=https://account1.blob.core.windows.net")]
    [InlineData(
        "AzureWebJobsStorage__credential is a kind of identity that the probe does not know; expected managedidentity, or no such setting "
            + "for the "
        + "identity of the process",
        Name,
        "AzureWebJobsStorage__credential=managedidentityasfederatedidentity")]
    [InlineData(
        "AzureWebJobsStorage__credential is a kind of identity that the probe does not know; expected managedidentity, or no such setting "
            + "for the "
        + "identity of the process",
        Name,
        "AzureWebJobsStorage__credential=workloadidentity",
        "AzureWebJobsStorage__tenantId=t")]
    [InlineData(
        "AzureWebJobsStorage__certificate is set, and the probe does not know this kind of identity; expected "
            + "AzureWebJobsStorage__credential="
        + "managedidentity with at most AzureWebJobsStorage__clientId, or Healthz__History__ServiceUri with the identity of the process",
        Name,
        "AzureWebJobsStorage__certificate=thumbprint")]
    [InlineData(
        "AzureWebJobsStorage__managedIdentityResourceId is set, and so is AzureWebJobsStorage__clientId; expected one of the two: each "
            + "names an identity",
        Name,
        $"AzureWebJobsStorage__clientId={Id}",
        $"AzureWebJobsStorage__managedIdentityResourceId={Resource}")]
    [InlineData(
        "AzureWebJobsStorage__clientId is not a GUID; expected the ID of a user-assigned identity, such as "
            + "00000000-0000-0000-0000-000000000000",
        Name,
        "AzureWebJobsStorage__clientId=probe")]
    [InlineData(
        "AzureWebJobsStorage__managedIdentityResourceId is not a resource ID; expected /subscriptions/…/resourceGroups/…/providers/"
        + "Microsoft.ManagedIdentity/userAssignedIdentities/…",
        Name,
        "AzureWebJobsStorage__managedIdentityResourceId=probe")]
    [InlineData(
        "AzureWebJobsStorage__clientSecret is not set, and AzureWebJobsStorage__tenantId is; expected all of "
            + "AzureWebJobsStorage__tenantId, "
        + "AzureWebJobsStorage__clientId, AzureWebJobsStorage__clientSecret, or none",
        Name,
        "AzureWebJobsStorage__tenantId=example.org",
        $"AzureWebJobsStorage__clientId={Id}")]
    [InlineData(
        "AzureWebJobsStorage__credential is set, and so is AzureWebJobsStorage__clientSecret; expected one of the two: each says who asks",
        Name,
        "AzureWebJobsStorage__credential=managedidentity",
        "AzureWebJobsStorage__tenantId=example.org",
        $"AzureWebJobsStorage__clientId={Id}",
        "AzureWebJobsStorage__clientSecret=hidden")]
    [InlineData(
        NoApplication,
        Name,
        "AzureWebJobsStorage__tenantId=example.org",
        "AzureWebJobsStorage__clientId=probe",
        "AzureWebJobsStorage__clientSecret=hidden")]
    [InlineData(
        NoApplication,
        Name,
        "AzureWebJobsStorage__tenantId=example.org/",
        $"AzureWebJobsStorage__clientId={Id}",
        "AzureWebJobsStorage__clientSecret=hidden")]
    public void An_unsupported_form_is_a_problem(string problem, params string[] settings)
    {
        var configuration = Settings.Read(settings);

        Assert.Equal(problem, $"{Assert.Single(configuration.Problems)}");
        Assert.Null(configuration.Options.History);
    }

    [Fact]
    public void A_configured_history_ignores_the_storage_of_the_host() =>
        Assert.Empty(Settings.Read($"Healthz__History__ConnectionString={Key}", "AzureWebJobsStorage__credential=nonsense").Problems);
}
