using System.Text.RegularExpressions;
using Azure.Storage.Blobs;

namespace Caluma.Healthz.Configuration;

/// <summary>Reads <c>Healthz__MediaStorage__*</c>.</summary>
internal static partial class MediaStorageSettings
{
    private const string Section = "Healthz__MediaStorage";
    private const string ConnectionString = $"{Section}__ConnectionString";
    private const string ServiceUri = $"{Section}__ServiceUri";
    private const string Container = $"{Section}__Container";

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        settings.RefuseUnknown(Section, ["ConnectionString", "ServiceUri", "Container"]);

        var container = settings.Value(Container) ?? "caluma-media";
        if (!ContainerName().IsMatch(container))
        {
            settings.Problem(
                Container,
                $"is \"{SettingsReader.Printable(container)}\"",
                "3 to 63 lower-case letters, digits and single dashes, such as caluma-media");
        }

        switch (settings.Value(ConnectionString), settings.Value(ServiceUri))
        {
            case (null, null):
                ReadNone(settings, options);
                break;

            case (not null, not null):
                settings.Problem(ServiceUri, $"is set, and so is {ConnectionString}", "one of the two");
                break;

            case ({ } connectionString, null):
                if (EndPoint(connectionString) is not { } endPoint)
                {
                    settings.Problem(
                        ConnectionString,
                        "is no connection string of Azure Storage",
                        "one as the Azure portal shows it, such as DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…");
                    break;
                }

                options.MediaStorage = new BlobStorageOptions { ConnectionString = connectionString, Container = container };
                settings.Found("media storage", $"{endPoint} container {container}", ConnectionString);
                break;

            case (null, { } address):
                // The client sends no token over an unencrypted connection.
                if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps
                    || (uri.UserInfo + uri.Query + uri.Fragment).Length > 0 || Address(uri) is not { } shown)
                {
                    settings.Problem(ServiceUri, "is no address of a blob service", "an https address such as https://account.blob.core.windows.net");
                    break;
                }

                options.MediaStorage = new BlobStorageOptions { ServiceUri = uri, Container = container };
                settings.Found("media storage", $"{shown} container {container} with the identity of the process", ServiceUri);
                break;
        }
    }

    private static void ReadNone(SettingsReader settings, HealthzOptions options)
    {
        if (settings.Value(Container) is not null)
        {
            settings.Problem(Container, $"is set, and neither {ConnectionString} nor {ServiceUri} is", "one of the two");
        }

        MinioSettings.Read(settings, options);
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

    /// <summary>What of an address is no secret; null where that is in doubt.</summary>
    private static string? Address(Uri uri) => (uri.PathAndQuery + uri.Fragment).Contains('@', StringComparison.Ordinal)
        ? null
        : uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex ContainerName();
}
