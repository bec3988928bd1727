namespace Caluma.Healthz.Configuration;

/// <summary>A bucket of MinIO, or of any other store that speaks S3.</summary>
internal sealed class S3StorageOptions : IMediaStorageOptions
{
    /// <summary>The address of the store, http or https.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The access key.</summary>
    public required string AccessKey { get; init; }

    /// <summary>The secret key.</summary>
    public required string SecretKey { get; init; }

    /// <summary>The region that requests are signed for; null to ask the bucket for its location.</summary>
    public string? Region { get; init; }

    /// <summary>The bucket; it must exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>Whether certificates are not verified.</summary>
    public bool TrustAnyCertificate { get; init; }

    /// <summary>The name of the bucket, without the keys.</summary>
    public override string ToString() => Bucket;
}
