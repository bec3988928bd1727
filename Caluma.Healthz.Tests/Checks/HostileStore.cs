namespace Caluma.Healthz.Tests.Checks;

/// <summary>The settings of a media storage that is a server of a test.</summary>
internal static class HostileStore
{
    private const string Account = "AccountName=account;AccountKey=a2V5";

    /// <param name="kind"><c>blobs</c> or <c>s3</c>.</param>
    /// <param name="port">Where the server listens.</param>
    public static IEnumerable<string> Settings(string kind, int port) => Settings(kind, $"127.0.0.1:{port}", withTls: false);

    /// <param name="kind"><c>blobs</c> or <c>s3</c>.</param>
    /// <param name="address">The host and port of the server.</param>
    /// <param name="withTls">Whether it is to speak TLS.</param>
    public static IEnumerable<string> Settings(string kind, string address, bool withTls) => kind == "blobs"
        ?
        [
            $"Healthz__MediaStorage__ConnectionString={Account};BlobEndpoint={(withTls ? "https" : "http")}://{address}/account",
            "Healthz__MediaStorage__Container=media",
        ]
        :
        [
            "MEDIA_STORAGE_SERVICE=minio", $"MINIO_STORAGE_ENDPOINT={address}", $"MINIO_STORAGE_USE_HTTPS={(withTls ? "true" : "")}",
            "MINIO_STORAGE_ACCESS_KEY=key", "MINIO_STORAGE_SECRET_KEY=secret", "MINIO_STORAGE_MEDIA_BUCKET_NAME=media",
            "MINIO_STORAGE_REGION_NAME=us-east-1",
        ];
}
