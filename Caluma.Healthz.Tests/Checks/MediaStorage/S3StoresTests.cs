using Amazon.S3;
using Amazon.S3.Model;
using Caluma.Healthz.Checks.MediaStorage;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using Microsoft.AspNetCore.Http;
using S3Region = Caluma.Healthz.Checks.MediaStorage.S3Region;

namespace Caluma.Healthz.Tests.Checks.MediaStorage;

/// <summary>The differences of S3 stores: ETags, regions, versions, locks and error codes.</summary>
[Slow]
public class S3StoresTests(Services services)
{
    private const string Region = "eu-central-1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_documented_table_is_that_of_the_code() => Assert.Equal(S3Errors.Table, ReasonTable.Of("S3"));

    /// <remarks>A double: Ceph with the ETags of versitygw, s3proxy and others.</remarks>
    [Theory]
    [InlineData("\"d41d8cd98f00b204e9800998ecf8427e\"")]
    [InlineData("\"not-hexadecimal\"")]
    [InlineData("\"nothexadecimal\"")]
    [InlineData("W/\"0123\"")]
    [InlineData("unquoted")]
    [InlineData("")]
    public async Task An_ETag_that_is_not_the_MD5_passes(string etag)
    {
        var server = await services.S3;
        await using var proxy = await S3Proxy.StartAsync(server.Endpoint);
        proxy.Change = response => response.Headers.ETag = etag;
        await using var bucket = await ProbedBucket.StartAsync(services, server, await server.CreateBucketAsync(), proxy.Endpoint);

        Assert.Null(await bucket.ReasonAsync());
    }

    /// <remarks>A double: Ceph with a region like a MinIO that has one.</remarks>
    [Fact]
    public async Task Without_a_region_the_bucket_is_asked_for_its_location_once()
    {
        var asked = 0;
        var server = await services.S3;
        await using var proxy = await S3Proxy.StartAsync(server.Endpoint);
        proxy.Answer = request =>
        {
            if (!request.Query.ContainsKey("location"))
            {
                return IsSignedFor(request, Region) ? null : (400, S3Proxy.Error("AuthorizationHeaderMalformed"));
            }

            Interlocked.Increment(ref asked);
            return IsSignedFor(request, "us-east-1")
                ? (200, $"<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{Region}</LocationConstraint>")
                : (400, S3Proxy.Error("AuthorizationHeaderMalformed"));
        };
        var name = await server.CreateBucketAsync();
        await using (var bucket = await ProbedBucket.StartAsync(services, server, name, proxy.Endpoint))
        {
            Assert.Null(await bucket.ReasonAsync());
            Assert.Null(await bucket.ReasonAsync());
            Assert.Equal(1, asked);
        }

        await using (var right = await ProbedBucket.StartAsync(services, server, name, proxy.Endpoint, Region))
        {
            Assert.Null(await right.ReasonAsync());
        }

        await using (var wrong = await ProbedBucket.StartAsync(services, server, name, proxy.Endpoint, "us-east-1"))
        {
            Assert.Equal("auth", await wrong.ReasonAsync());
        }

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_forbidden_question_for_the_location_fails_as_in_Caluma()
    {
        var server = await services.S3;
        await using var proxy = await S3Proxy.StartAsync(server.Endpoint);
        proxy.Answer = request => request.Query.ContainsKey("location") ? (403, S3Proxy.Error("AccessDenied")) : null;
        await using var bucket = await ProbedBucket.StartAsync(services, server, await server.CreateBucketAsync(), proxy.Endpoint);

        Assert.Equal("permission", await bucket.ReasonAsync());
        proxy.Answer = _ => null;
        Assert.Null(await bucket.ReasonAsync());
    }

    [Theory]
    [InlineData("https://s3.eu-central-1.amazonaws.com", "eu-central-1")]
    [InlineData("https://s3-eu-west-1.amazonaws.com", "eu-west-1")]
    [InlineData("https://s3.dualstack.us-west-2.amazonaws.com", "us-west-2")]
    [InlineData("https://s3-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1")]
    [InlineData("https://bucket.s3.ap-southeast-2.amazonaws.com", "ap-southeast-2")]
    [InlineData("https://s3.cn-north-1.amazonaws.com.cn", "cn-north-1")]
    [InlineData("https://s3.amazonaws.com", null)]
    [InlineData("http://minio:9000", null)]
    [InlineData("https://s3.eu-central-1.example.com", null)]
    public void The_host_name_of_AWS_has_the_region(string endpoint, string? region) =>
        Assert.Equal(region, S3Region.Of(new Uri(endpoint)));

    [Theory]
    [InlineData(null, "http://minio:9000", "us-east-1")]
    [InlineData("", "http://minio:9000", "us-east-1")]
    [InlineData("EU", "https://s3.amazonaws.com", "eu-west-1")]
    [InlineData("EU", "http://ceph:9000", "EU")]
    [InlineData("default", "http://ceph:9000", "default")]
    public void A_location_has_its_region(string? location, string endpoint, string region) =>
        Assert.Equal(region, S3Region.Of(location, new Uri(endpoint)));

    [Fact]
    public async Task Nothing_is_left_in_a_bucket_with_versions()
    {
        var server = await services.S3;
        var name = await server.CreateBucketAsync();
        using var client = server.CreateClient();
        await client.PutBucketVersioningAsync(
            new PutBucketVersioningRequest { BucketName = name, VersioningConfig = new() { Status = VersionStatus.Enabled } }, Cancel);
        await using var bucket = await ProbedBucket.StartAsync(services, server, name);

        Assert.Null(await bucket.ReasonAsync());
        Assert.Null(await bucket.ReasonAsync());

        Assert.Empty((await client.ListVersionsAsync(name, Cancel)).Versions ?? []);
        Assert.DoesNotContain(bucket.Probe.Log.GetSnapshot(), record => record.Id.Name == "HealthzObjectKept");
    }

    [Fact]
    public async Task An_object_that_a_lock_keeps_is_no_failure_and_is_logged_once()
    {
        var server = await services.S3;
        using var client = server.CreateClient();
        var name = $"locked-{Guid.NewGuid():N}";
        await client.PutBucketAsync(new PutBucketRequest { BucketName = name, ObjectLockEnabledForBucket = true }, Cancel);
        await client.PutObjectLockConfigurationAsync(
            new PutObjectLockConfigurationRequest
            {
                BucketName = name,
                ObjectLockConfiguration = new ObjectLockConfiguration
                {
                    ObjectLockEnabled = ObjectLockEnabled.Enabled,
                    Rule = new ObjectLockRule
                    {
                        DefaultRetention = new DefaultRetention { Days = 1, Mode = ObjectLockRetentionMode.Governance },
                    },
                },
            },
            Cancel);
        await using var bucket = await ProbedBucket.StartAsync(services, server, name);

        Assert.Null(await bucket.ReasonAsync());
        Assert.Single(bucket.Probe.Log.GetSnapshot(), record => record.Id.Name == "HealthzObjectKept");
        Assert.Null(await bucket.ReasonAsync());
        Assert.DoesNotContain(bucket.Probe.Log.GetSnapshot(), record => record.Id.Name == "HealthzObjectKept");
        Assert.Empty(await server.ListObjectsAsync(name));
    }

    /// <remarks>A double: the answers of MinIO to a lock and to a user who may not delete versions.</remarks>
    [Theory]
    [InlineData(400, "InvalidRequest")]
    [InlineData(403, "AccessDenied")]
    [InlineData(405, "MethodNotAllowed")]
    public async Task A_version_that_may_not_be_deleted_is_no_failure(int status, string code)
    {
        var server = await services.S3;
        await using var proxy = await S3Proxy.StartAsync(server.Endpoint);
        proxy.Change = response => response.Headers["x-amz-version-id"] = "v1";
        proxy.Answer = request =>
            request.Method == "DELETE" && request.Query.ContainsKey("versionId") ? (status, S3Proxy.Error(code)) : null;
        await using var bucket = await ProbedBucket.StartAsync(services, server, await server.CreateBucketAsync(), proxy.Endpoint);

        Assert.Null(await bucket.ReasonAsync());
        Assert.Single(bucket.Probe.Log.GetSnapshot(), record => record.Id.Name == "HealthzObjectKept");
    }

    /// <remarks>A double: a store that deletes nothing, and one that refuses deletion.</remarks>
    [Theory]
    [InlineData(405, "MethodNotAllowed", null)]
    [InlineData(403, "ObjectLocked", null)]
    [InlineData(403, "AccessDenied", "permission")]
    public async Task An_object_that_the_rights_keep_is_a_failure(int status, string code, string? reason)
    {
        var server = await services.S3;
        await using var proxy = await S3Proxy.StartAsync(server.Endpoint);
        proxy.Answer = request => request.Method == "DELETE" ? (status, S3Proxy.Error(code)) : null;
        await using var bucket = await ProbedBucket.StartAsync(services, server, await server.CreateBucketAsync(), proxy.Endpoint);

        Assert.Equal(reason, await bucket.ReasonAsync());
    }

    /// <remarks>A double: each code in an answer to the upload, with a status that means nothing.</remarks>
    [Fact]
    public async Task An_error_code_of_a_store_has_its_reason()
    {
        var server = await services.S3;
        await using var proxy = await S3Proxy.StartAsync(server.Endpoint);
        await using var bucket = await ProbedBucket.StartAsync(
            services, server, await server.CreateBucketAsync(), proxy.Endpoint, "us-east-1");
        var found = new List<(string, string?)>();
        foreach (var (code, reason) in S3Errors.Table)
        {
            foreach (var method in new[] { "PUT", "GET" })
            {
                proxy.Answer = request => request.Method == method ? (400, S3Proxy.Error(code)) : null;
                if (await bucket.ReasonAsync() is var actual && actual != reason.Code())
                {
                    found.Add(($"{method}: {code}", actual));
                }
            }
        }

        Assert.Empty(found);
    }

    private static bool IsSignedFor(HttpRequest request, string region) =>
        request.Headers.Authorization.ToString().Contains($"/{region}/s3/", StringComparison.Ordinal);

    [Slow]
    [Native]
    public sealed class Native(Services services) : S3StoresTests(services);
}
