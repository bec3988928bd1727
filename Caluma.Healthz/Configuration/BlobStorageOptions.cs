using Azure.Core;
using Azure.Storage.Blobs;

namespace Caluma.Healthz.Configuration;

/// <summary>A container of Azure Blob Storage: by connection string, or by address and managed identity.</summary>
internal sealed class BlobStorageOptions : IMediaStorageOptions
{
    /// <summary>The connection string of the Azure portal, a secret; null where <see cref="ServiceUri"/> is set.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The address of the blob service, used with the identity of the process.</summary>
    public Uri? ServiceUri { get; init; }

    /// <summary>The container.</summary>
    public required string Container { get; init; }

    /// <summary>The identity that reads <see cref="ServiceUri"/>; null for the identity of the process.</summary>
    internal TokenCredential? Identity { get; init; }

    /// <summary>The name of the container, without the connection string.</summary>
    public override string ToString() => Container;

    /// <summary>Makes a client of the container, whose answers are bounded.</summary>
    internal BlobContainerClient Open(BlobClientOptions client, TokenCredential identity)
    {
        client.AddPolicy(new BoundedAnswers(), HttpPipelinePosition.BeforeTransport);
        var service = ConnectionString is { } connectionString
            ? new BlobServiceClient(connectionString, client)
            : new BlobServiceClient(ServiceUri, Identity ?? identity, client);
        return service.GetBlobContainerClient(Container);
    }
}
