namespace Caluma.Healthz.Configuration;

/// <summary>A media storage to probe: <see cref="BlobStorageOptions"/> or <see cref="S3StorageOptions"/>.</summary>
internal interface IMediaStorageOptions;
