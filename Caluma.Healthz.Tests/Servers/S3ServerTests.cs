using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Caluma.Healthz.Tests.Servers;

[Slow]
public sealed class S3ServerTests(Services services)
{
    [Fact]
    public async Task Each_test_has_its_own_bucket()
    {
        var server = await services.S3;
        using var client = server.CreateClient();
        var one = await server.CreateBucketAsync();
        var other = await server.CreateBucketAsync();

        await PutAsync(client, one);

        Assert.Equal(["object"], await server.ListObjectsAsync(one));
        Assert.Empty(await server.ListObjectsAsync(other));
    }

    [Fact]
    public async Task An_object_is_kept_until_it_is_deleted()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await services.S3;
        using var client = server.CreateClient();
        var bucket = await server.CreateBucketAsync();

        await PutAsync(client, bucket);

        var metadata = await client.GetObjectMetadataAsync(bucket, "object", cancellation);
        Assert.Equal("content".Length, metadata.ContentLength);
        Assert.Equal("content", await GetAsync(client, bucket));
        var listing = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = "obj" }, cancellation);
        Assert.Equal("object", Assert.Single(listing.S3Objects).Key);

        await client.DeleteObjectAsync(bucket, "object", cancellation);

        Assert.Empty(await server.ListObjectsAsync(bucket));
        var failure = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => GetAsync(client, bucket));
        Assert.Equal((HttpStatusCode.NotFound, "NoSuchKey"), (failure.StatusCode, failure.ErrorCode));
    }

    [Fact]
    public async Task A_conditional_upload_does_not_replace_an_object()
    {
        var server = await services.S3;
        using var client = server.CreateClient();
        var bucket = await server.CreateBucketAsync();
        await PutAsync(client, bucket, ifNoneMatch: "*");

        var failure = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => PutAsync(client, bucket, ifNoneMatch: "*"));

        Assert.Equal((HttpStatusCode.PreconditionFailed, "PreconditionFailed"), (failure.StatusCode, failure.ErrorCode));
    }

    [Fact]
    public async Task The_server_refuses_another_secret()
    {
        var server = await services.S3;
        var bucket = await server.CreateBucketAsync();
        using var stranger = server.CreateClient(secretKey: server.ReaderSecretKey);

        var failure = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => PutAsync(stranger, bucket));

        Assert.Equal((HttpStatusCode.Forbidden, "SignatureDoesNotMatch"), (failure.StatusCode, failure.ErrorCode));
    }

    [Fact]
    public async Task The_server_refuses_an_unknown_access_key()
    {
        var server = await services.S3;
        var bucket = await server.CreateBucketAsync();
        using var stranger = server.CreateClient(accessKey: "UNKNOWN");

        var failure = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => PutAsync(stranger, bucket));

        Assert.Equal((HttpStatusCode.Forbidden, "InvalidAccessKeyId"), (failure.StatusCode, failure.ErrorCode));
    }

    [Fact]
    public async Task The_reader_may_only_read()
    {
        var server = await services.S3;
        var bucket = await server.CreateBucketAsync();
        using var owner = server.CreateClient();
        await PutAsync(owner, bucket);
        using var reader = server.CreateClient(server.ReaderAccessKey, server.ReaderSecretKey);

        Assert.Equal("content", await GetAsync(reader, bucket));
        var failure = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => PutAsync(reader, bucket));

        Assert.Equal((HttpStatusCode.Forbidden, "AccessDenied"), (failure.StatusCode, failure.ErrorCode));
    }

    [Fact]
    public async Task An_unknown_bucket_is_missing()
    {
        var server = await services.S3;
        using var client = server.CreateClient();

        var failure = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => PutAsync(client, "no-such-bucket"));

        Assert.Equal((HttpStatusCode.NotFound, "NoSuchBucket"), (failure.StatusCode, failure.ErrorCode));
    }

    [Fact]
    public async Task The_gateway_restarts_on_its_port_with_its_data()
    {
        await using var server = await S3Server.StartNewAsync();
        using var client = server.CreateClient();
        var bucket = await server.CreateBucketAsync();
        await PutAsync(client, bucket);

        var processIds = server.ProcessIds;
        await server.StopAsync();
        Assert.DoesNotContain(processIds, ProcessTree.IsAlive);
        await server.StartAsync();
        Assert.Equal("content", await GetAsync(client, bucket));

        await server.KillAsync();
        await server.StartAsync();
        Assert.Equal("content", await GetAsync(client, bucket));
    }

    [Fact]
    public async Task A_paused_gateway_answers_after_it_is_resumed()
    {
        await using var server = await S3Server.StartNewAsync();
        using var client = server.CreateClient();
        var bucket = await server.CreateBucketAsync();

        server.Pause();
        await Deadline.UntilAsync("it is stopped", () => server.ProcessIds.All(ProcessTree.IsStopped));
        var request = PutAsync(client, bucket);
        Assert.False(request.IsCompleted);

        server.Resume();
        await request;
    }

    [Fact]
    public async Task A_disposed_server_leaves_no_process()
    {
        var server = await S3Server.StartNewAsync();
        List<int> processIds = [.. server.ProcessIds, .. server.ClusterProcessIds];
        Assert.Equal(3, processIds.Count);

        await server.DisposeAsync();

        Assert.DoesNotContain(processIds, ProcessTree.IsAlive);
    }

    [Fact]
    public async Task The_server_speaks_TLS_with_a_certificate()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var server = await S3Server.StartNewAsync(new S3Options { Certificate = certificate });
        using var client = server.CreateClient();
        var bucket = await server.CreateBucketAsync();

        await PutAsync(client, bucket);

        Assert.Equal("https", server.Endpoint.Scheme);
        Assert.Equal("content", await GetAsync(client, bucket));
    }

    private static Task<PutObjectResponse> PutAsync(AmazonS3Client client, string bucket, string? ifNoneMatch = null) =>
        client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "object", ContentBody = "content", IfNoneMatch = ifNoneMatch },
            TestContext.Current.CancellationToken);

    private static async Task<string> GetAsync(AmazonS3Client client, string bucket)
    {
        using var answer = await client.GetObjectAsync(bucket, "object", TestContext.Current.CancellationToken);
        using var reader = new StreamReader(answer.ResponseStream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
