using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Storage.Blobs;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Reads a container of Azure Blob Storage from <c>…__ConnectionString</c> or <c>…__ServiceUri</c>, and <c>…__Container</c>.
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="section">The prefix of the three settings' names.</param>
/// <param name="what">What the container holds, for messages.</param>
internal sealed partial class BlobStorageSettings(SettingsReader settings, string section, string what)
{
    public string ConnectionString { get; } = $"{section}__ConnectionString";

    public string ServiceUri { get; } = $"{section}__ServiceUri";

    public string Container { get; } = $"{section}__Container";

    /// <summary>Whether a connection string or an address is set.</summary>
    public bool IsSet => settings.Value(ConnectionString) is not null || settings.Value(ServiceUri) is not null;

    /// <param name="presetContainer">The default name of the container.</param>
    /// <returns>Null where no container is configured, or a setting is wrong.</returns>
    public BlobStorageOptions? Read(string presetContainer)
    {
        var container = ReadContainer(presetContainer);
        switch (settings.Value(ConnectionString), settings.Value(ServiceUri))
        {
            case (null, null):
                if (settings.Value(Container) is not null)
                {
                    settings.Problem(Container, $"is set, and neither {ConnectionString} nor {ServiceUri} is", "one of the two");
                }

                return null;

            case (not null, not null):
                settings.Problem(ServiceUri, $"is set, and so is {ConnectionString}", "one of the two");
                return null;

            case ({ } connectionString, null):
                return ByConnectionString(ConnectionString, connectionString, container);

            case (null, { } address):
                return ByAddress(ServiceUri, address, container);
        }
    }

    /// <summary>The name of the container.</summary>
    public string ReadContainer(string preset)
    {
        var container = settings.Value(Container) ?? preset;
        if (!ContainerName().IsMatch(container))
        {
            settings.Problem(
                Container,
                $"is \"{SettingsReader.Printable(container)}\"",
                $"3 to 63 lower-case letters, digits and single dashes, such as {preset}");
        }

        return container;
    }

    /// <param name="setting">The setting that holds it.</param>
    /// <param name="connectionString">Its value.</param>
    /// <param name="container">The name of the container.</param>
    public BlobStorageOptions? ByConnectionString(string setting, string connectionString, string container)
    {
        if (EndPoint(connectionString) is not { } endPoint)
        {
            settings.Problem(
                setting,
                "is not a valid Azure Storage connection string",
                "one as the Azure portal shows it, such as DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…");
            return null;
        }

        settings.Show(what, $"{endPoint} container {container}", setting);
        return new BlobStorageOptions { ConnectionString = connectionString, Container = container };
    }

    /// <param name="setting">The setting that holds it.</param>
    /// <param name="address">Its value.</param>
    /// <param name="container">The name of the container.</param>
    /// <param name="identity">The identity and its description; null for the identity of the process.</param>
    public BlobStorageOptions? ByAddress(
        string setting, string address, string container, (TokenCredential Credential, string Name)? identity = null)
    {
        // The client sends no token over an unencrypted connection.
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps
            || (uri.UserInfo + uri.Query + uri.Fragment).Length > 0 || Address(uri) is not { } shown)
        {
            settings.Problem(
                setting, "is not the address of a blob service", "an https address such as https://account.blob.core.windows.net");
            return null;
        }

        settings.Show(what, $"{shown} container {container} with {identity?.Name ?? "the identity of the process"}", setting);
        return new BlobStorageOptions { ServiceUri = uri, Container = container, Identity = identity?.Credential };
    }

    private static string? EndPoint(string connectionString)
    {
        try
        {
            return Address(new BlobServiceClient(connectionString).Uri);
        }
        catch (Exception)
        {
            // Whatever the client throws. The exception's text may quote a part of the key.
            return null;
        }
    }

    /// <summary>The part of an address that is no secret; null where that is in doubt, or its host cannot be one.</summary>
    private static string? Address(Uri uri) =>
        !HostName.IsIn(uri) || (uri.PathAndQuery + uri.Fragment).Contains('@', StringComparison.Ordinal)
        ? null
        : uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex ContainerName();
}
