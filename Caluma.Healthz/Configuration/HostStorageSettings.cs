using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Identity;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Reads the storage account of a Functions app and its identity, in each form that the Functions host takes: a connection string, the
/// address of the blob service, or the name of the account; the first one that is set counts. The forms:
/// https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity and, on that page, the
/// common properties of identity-based connections; their order is that of the host's StorageServiceUriOptions.
/// </summary>
internal sealed partial class HostStorageSettings(SettingsReader settings)
{
    private const string Storage = "AzureWebJobsStorage";
    private const string NamedConnection = $"ConnectionStrings__{Storage}";
    private const string AccountName = $"{Storage}__accountName";
    private const string Credential = $"{Storage}__credential";
    private const string ClientId = $"{Storage}__clientId";
    private const string ResourceId = $"{Storage}__managedIdentityResourceId";
    private const string ObjectId = $"{Storage}__managedIdentityObjectId";
    private const string TenantId = $"{Storage}__tenantId";
    private const string ClientSecret = $"{Storage}__clientSecret";
    private const string ManagedIdentity = "managedidentity";

    private static readonly string[] _connectionStrings = [Storage, $"{Storage}__connectionString", NamedConnection];
    private static readonly string[] _addresses = [$"{Storage}__blobServiceUri", $"{Storage}__serviceUri"];

    /// <summary>Credentials that the host takes and the probe does not.</summary>
    private static readonly string[] _notSupported =
    [
        $"{Storage}__certificate", $"{Storage}__certificateStoreName", $"{Storage}__certificateStoreLocation", $"{Storage}__tokenFilePath",
        $"{Storage}__managedIdentityClientId", $"{Storage}__azureCloud", $"{Storage}__systemAccessToken",
    ];

    /// <summary>Whether any form is set.</summary>
    public bool IsSet => IsFilled(Storage) || IsFilled(NamedConnection) || settings.HasSettingsBelow(Storage);

    /// <param name="blobs">Reads the settings that all storage accounts share.</param>
    /// <param name="container">The name of the container.</param>
    /// <returns>Null where a setting is wrong.</returns>
    public BlobStorageOptions? Read(BlobStorageSettings blobs, string container)
    {
        if (_connectionStrings.FirstOrDefault(IsFilled) is { } connection)
        {
            return blobs.ByConnectionString(connection, settings.Value(connection)!, container);
        }

        var address = _addresses.FirstOrDefault(IsFilled);
        if (address is null && !IsFilled(AccountName))
        {
            settings.Problem(
                Storage,
                "has settings below it, and none of them says where the blobs are",
                $"{AccountName} or {_addresses[0]}, or Healthz__History__ConnectionString or __ServiceUri for a history of its own");
            return null;
        }

        if (!TryReadIdentity(out var identity))
        {
            return null;
        }

        return address is not null ? blobs.ByAddress(address, settings.Value(address)!, container, identity)
            : ByName(blobs, container, identity);
    }

    /// <remarks>Only in Azure's public cloud: in the others the host needs the address, too.</remarks>
    private BlobStorageOptions? ByName(BlobStorageSettings blobs, string container, (TokenCredential Credential, string Name)? identity)
    {
        var name = settings.Value(AccountName)!;
        if (Name().IsMatch(name))
        {
            return blobs.ByAddress(AccountName, $"https://{name}.blob.core.windows.net", container, identity);
        }

        settings.Problem(
            AccountName,
            "is not the name of a storage account",
            $"3 to 24 lower-case letters and digits; for an address, {_addresses[0]}");
        return null;
    }

    private bool TryReadIdentity(out (TokenCredential Credential, string Name)? identity)
    {
        identity = null;
        if (_notSupported.FirstOrDefault(IsFilled) is { } unknown)
        {
            settings.Problem(
                unknown,
                "is set, and the probe does not know this kind of identity",
                $"{Credential}={ManagedIdentity} with at most {ClientId}, or Healthz__History__ServiceUri with the identity of the "
                    + "process");
            return false;
        }

        var credential = settings.Value(Credential);
        if (IsFilled(Credential) && !string.Equals(credential, ManagedIdentity, StringComparison.OrdinalIgnoreCase))
        {
            settings.Problem(
                Credential,
                "is a kind of identity that the probe does not know",
                $"{ManagedIdentity}, or no such setting for the identity of the process");
            return false;
        }

        string[] ids = [.. new[] { ClientId, ResourceId, ObjectId }.Where(IsFilled)];
        if (ids is [var one, var other, ..])
        {
            settings.Problem(other, $"is set, and so is {one}", "one of the two: each names an identity");
            return false;
        }

        return IsFilled(TenantId)
            || IsFilled(ClientSecret) ? TryReadApplication(out identity) : TryReadManagedIdentity(ids.FirstOrDefault(), out identity);
    }

    private bool TryReadManagedIdentity(string? setting, out (TokenCredential Credential, string Name)? identity)
    {
        identity = null;
        if (setting is null)
        {
            identity = IsFilled(Credential)
                ? (new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned), "the system-assigned identity") : null;
            return true;
        }

        var value = settings.Value(setting)!;
        if (setting == ResourceId)
        {
            if (!ResourceIdentifier.TryParse(value, out var resource) || resource is null)
            {
                settings.Problem(
                    setting, "is not a resource ID",
                    "/subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/…");
                return false;
            }

            identity = (
                new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedResourceId(resource)), $"the identity {resource.Name}");
            return true;
        }

        if (!Guid.TryParse(value, out var id))
        {
            settings.Problem(setting, "is not a GUID", "the ID of a user-assigned identity, such as 00000000-0000-0000-0000-000000000000");
            return false;
        }

        var user = setting == ClientId ? ManagedIdentityId.FromUserAssignedClientId($"{id}")
            : ManagedIdentityId.FromUserAssignedObjectId($"{id}");
        identity = (new ManagedIdentityCredential(user), $"the identity {id}");
        return true;
    }

    /// <remarks>The documentation allows it for local development only.</remarks>
    private bool TryReadApplication(out (TokenCredential Credential, string Name)? identity)
    {
        identity = null;
        string[] needed = [TenantId, ClientId, ClientSecret];
        if (needed.FirstOrDefault(setting => !IsFilled(setting)) is { } missing)
        {
            settings.Problem(missing, $"is not set, and {needed.First(IsFilled)} is", $"all of {string.Join(", ", needed)}, or none");
            return false;
        }

        if (IsFilled(Credential))
        {
            settings.Problem(Credential, $"is set, and so is {ClientSecret}", "one of the two: each says who asks");
            return false;
        }

        if (!Guid.TryParse(settings.Value(ClientId), out var id) || !Tenant().IsMatch(settings.Value(TenantId)!))
        {
            settings.Problem(ClientId, $"and {TenantId} are not those of an application", "a GUID, and a GUID or a domain");
            return false;
        }

        identity = (new ClientSecretCredential(settings.Value(TenantId), $"{id}", settings.Value(ClientSecret)), $"the application {id}");
        return true;
    }

    private bool IsFilled(string setting) => !string.IsNullOrEmpty(settings.Value(setting));

    // https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name
    [GeneratedRegex(@"\A[a-z0-9]{3,24}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9.-]+\z")]
    private static partial Regex Tenant();
}
