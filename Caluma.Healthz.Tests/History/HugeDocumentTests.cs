using Azure.Identity;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caluma.Healthz.Tests.History;

/// <summary>Documents of a length that none of ours has. They are taken for broken, without being read, and are made anew.</summary>
public sealed class HugeDocumentTests : IDisposable
{
    private const string Name = "rollups/2026/11/22.json";
    private const long Length = 3_000_000_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("healthz-huge-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task In_a_folder()
    {
        var path = Path.Combine(_folder.FullName, Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var file = File.Create(path))
        {
            file.SetLength(Length); // It takes no room on the disk.
        }

        var documents = Open(new FolderHistoryStorage(_folder.FullName, TimeProvider.System, NullLogger<FolderHistoryStorage>.Instance));

        var read = await documents.ReadAsync(Name, HistoryJson.Default.DayRollup, Cancel);

        Assert.Null(read.Value);
        Assert.NotNull(await documents.WriteAsync(
            Name, new DayRollup { Day = Records.Day }, HistoryJson.Default.DayRollup, read.ETag, Cancel));
        Assert.NotNull((await documents.ReadAsync(Name, HistoryJson.Default.DayRollup, Cancel)).Value);
    }

    [Fact]
    public async Task In_a_blob()
    {
        await using var server = EndlessServer.Start(
            $"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\nContent-Type: application/json\r\nETag: \"1\"\r\n"
                + "Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT\r\nx-ms-blob-type: BlockBlob\r\n\r\n",
            " ");
        var options = new BlobStorageOptions
        {
            ConnectionString = "DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;"
                + $"BlobEndpoint=http://127.0.0.1:{server.Port}/account",
            Container = "history",
        };

        var read = await Open(new BlobHistoryStorage(options, new DefaultAzureCredential()))
            .ReadAsync(Name, HistoryJson.Default.DayRollup, Cancel);

        Assert.Null(read.Value);
        Assert.NotNull(read.ETag);
        await server.UntilNoneOpenAsync();
        Assert.InRange(server.MaxSent, 0, 32 * 1024 * 1024);
    }

    private static DocumentStore Open(IHistoryStorage storage) => new(storage, NullLogger<DocumentStore>.Instance);
}
