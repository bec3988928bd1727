namespace Caluma.Healthz.Tests.Checks;

/// <summary>The settings of a media storage that is a server of a test.</summary>
internal static class HostileStore
{
    private const string Account = "DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:";

    /// <param name="kind"><c>blobs</c> or <c>s3</c>.</param>
    /// <param name="port">Where the server listens.</param>
    public static IEnumerable<string> Settings(string kind, int port) => kind == "blobs"
        ? [$"Healthz__MediaStorage__ConnectionString={Account}{port}/account", "Healthz__MediaStorage__Container=media"]
        :
        [
            "MEDIA_STORAGE_SERVICE=minio", $"MINIO_STORAGE_ENDPOINT=127.0.0.1:{port}", "MINIO_STORAGE_USE_HTTPS=",
            "MINIO_STORAGE_ACCESS_KEY=key", "MINIO_STORAGE_SECRET_KEY=secret", "MINIO_STORAGE_MEDIA_BUCKET_NAME=media",
            "MINIO_STORAGE_REGION_NAME=us-east-1",
        ];
}
