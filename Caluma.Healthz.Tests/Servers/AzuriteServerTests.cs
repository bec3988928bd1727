using Azure;
using Azure.Storage.Blobs;

namespace Caluma.Healthz.Tests.Servers;

[Slow]
public sealed class AzuriteServerTests(Services services)
{
    [Fact]
    public async Task Each_test_has_its_own_container()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var one = await services.CreateContainerAsync();
        var other = await services.CreateContainerAsync();

        await one.UploadBlobAsync("object", BinaryData.FromString("content"), cancellation);

        Assert.True(await one.GetBlobClient("object").ExistsAsync(cancellation));
        Assert.False(await other.GetBlobClient("object").ExistsAsync(cancellation));
    }

    [Fact]
    public async Task Azurite_refuses_another_key()
    {
        var server = await services.Azurite;
        var container = await services.CreateContainerAsync();
        var stranger = new BlobContainerClient(server.ConnectionStringWith(Convert.ToBase64String(new byte[64])), container.Name);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => stranger.GetPropertiesAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(403, failure.Status);
    }

    [Fact]
    public async Task Azurite_restarts_on_its_port_with_its_data()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await AzuriteServer.StartNewAsync();
        var processIds = server.ProcessIds;
        var container = await server.CreateContainerAsync();
        await container.UploadBlobAsync("object", BinaryData.FromString("content"), cancellation);

        await server.StopAsync();
        Assert.DoesNotContain(processIds, ProcessTree.IsAlive);
        await server.StartAsync();

        var content = await container.GetBlobClient("object").DownloadContentAsync(cancellation);
        Assert.Equal("content", content.Value.Content.ToString());
    }

    [Fact]
    public async Task A_paused_Azurite_answers_after_it_is_resumed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await AzuriteServer.StartNewAsync();
        var container = await server.CreateContainerAsync();

        server.Pause();
        await Deadline.UntilAsync("it is stopped", () => server.ProcessIds.All(ProcessTree.IsStopped));
        var request = container.ExistsAsync(cancellation);
        Assert.False(request.IsCompleted);

        server.Resume();
        Assert.True(await request);
    }

    [Fact]
    public async Task Azurite_speaks_TLS_with_a_certificate()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var certificate = SelfSignedCertificate.Create();
        await using var server = await AzuriteServer.StartNewAsync(new AzuriteOptions { Certificate = certificate });

        var container = await server.CreateContainerAsync();

        Assert.Equal("https", container.Uri.Scheme);
        Assert.True(await container.ExistsAsync(cancellation));
    }
}
