using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.MediaStorage;

[Slow]
public sealed class S3MediaStoreTests(Services services)
{
    private const string Verdict = "?check=media-storage-service";
    private const string Target = "media storage service/default";
    private const string Failed = "media storage service: failed";

    [Fact]
    public async Task A_bucket_of_Calumas_own_settings_passes_and_is_left_as_it_was()
    {
        var server = await services.S3;
        var bucket = await server.CreateBucketAsync();
        await using var deployment = await DeployAsync(server.Endpoint, server.AccessKey, server.SecretKey, bucket);
        await using var probe = await deployment.StartProbeAsync();

        for (var run = 0; run < 3; run++)
        {
            Assert.Empty((await probe.ReportAsync()).Failed);
        }

        Assert.Empty(await server.ListObjectsAsync(bucket));
    }

    [Fact]
    [Holds(ProbedSystem.S3, SystemFault.WrongCredentials)]
    public async Task Another_secret_is_refused()
    {
        var server = await services.S3;

        Assert.Equal("auth", await ReasonAsync(server.Endpoint, server.AccessKey, "wrong", await server.CreateBucketAsync()));
        Assert.Equal("auth", await ReasonAsync(server.Endpoint, "nobody", "wrong", await server.CreateBucketAsync()));
    }

    [Fact]
    public async Task A_missing_bucket_fails_and_is_not_created()
    {
        var server = await services.S3;

        Assert.Equal("missing", await ReasonAsync(server.Endpoint, server.AccessKey, server.SecretKey, "not-there"));
        Assert.Equal("missing", await ReasonAsync(server.Endpoint, server.AccessKey, server.SecretKey, "not-there"));
    }

    [Fact]
    [Holds(ProbedSystem.S3, SystemFault.ReadOnly)]
    public async Task A_user_who_may_only_read_fails()
    {
        var server = await services.S3;

        Assert.Equal(
            "permission",
            await ReasonAsync(server.Endpoint, server.ReaderAccessKey, server.ReaderSecretKey, await server.CreateBucketAsync()));
    }

    [Fact]
    public async Task A_refused_upload_does_not_spoil_the_next_run()
    {
        var server = await services.S3;
        await using var deployment = await DeployAsync(
            server.Endpoint, server.ReaderAccessKey, server.ReaderSecretKey, await server.CreateBucketAsync());
        await using var probe = await deployment.StartProbeAsync();

        for (var run = 0; run < 20; run++)
        {
            await probe.ReportAsync(Verdict);
        }

        Assert.Equal([$"{Target}: permission"], probe.Reasons().Distinct());
    }

    [Fact]
    [Holds(ProbedSystem.S3, SystemFault.UntrustedCertificate)]
    public async Task An_untrusted_certificate_fails_unless_DEBUG_turns_verification_off()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var server = await S3Server.StartNewAsync(new S3Options { Certificate = certificate });
        var bucket = await server.CreateBucketAsync();

        Assert.Equal("tls", await ReasonAsync(server.Endpoint, server.AccessKey, server.SecretKey, bucket));
        Assert.Equal(
            "tls", await ReasonAsync(server.Endpoint, server.AccessKey, server.SecretKey, bucket, ("MINIO_DISABLE_CERT_CHECKS", "true")));
        Assert.Null(await ReasonAsync(
            server.Endpoint, server.AccessKey, server.SecretKey, bucket, ("MINIO_DISABLE_CERT_CHECKS", "true"), ("DEBUG", "true")));
    }

    [Fact]
    [Holds(ProbedSystem.S3, SystemFault.Refused, SystemFault.Silent, SystemFault.HalfOpen)]
    public async Task A_server_that_stops_hangs_and_returns_gets_the_right_verdict_each_time()
    {
        await using var server = await S3Server.StartNewAsync();
        await using var deployment = await DeployAsync(
            server.Endpoint, server.AccessKey, server.SecretKey, await server.CreateBucketAsync());
        deployment.Timeout = CalumaDeployment.HangTimeout;
        await using var probe = await deployment.StartProbeAsync();

        Assert.Empty((await probe.ReportAsync(Verdict)).Failed);
        await server.StopAsync();
        Assert.Equal([Failed], (await probe.ReportAsync(Verdict)).Failed);
        await server.StartAsync();
        Assert.Empty((await probe.ReportAsync(Verdict)).Failed);
        server.Pause();
        Assert.Equal([Failed], (await probe.ReportAsync(Verdict)).Failed);
        server.Resume();
        await Deadline.UntilAsync("the server serves again", async () => !(await probe.ReportAsync(Verdict)).Failed.Any());
        Assert.Equal([$"{Target}: connect", $"{Target}: timeout"], probe.Reasons().Distinct());
    }

    [Theory]
    [Holds(ProbedSystem.S3, SystemFault.Garbage, SystemFault.Full, SystemFault.Overloaded)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 42\r\n\r\n<Error><Code>SlowDown</Code></Error>      ", "busy")]
    [InlineData("HTTP/1.1 507 Full\r\nContent-Length: 51\r\n\r\n<Error><Code>XMinioStorageFull</Code></Error>      ", "full")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", "missing")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>", "mismatch")]
    [InlineData("nonsense\r\n\r\n", "protocol")]
    public async Task Another_kind_of_server_is_recognised_by_its_answer(string answer, string reason)
    {
        await using var server = FaultServer.Start(FaultMode.Answering(System.Text.Encoding.ASCII.GetBytes(answer)));

        Assert.Equal(reason, await ReasonAsync(new Uri($"http://127.0.0.1:{server.Port}"), "key", "secret", "bucket"));
    }

    /// <summary>Null where the check passes.</summary>
    private async Task<string?> ReasonAsync(
        Uri endpoint, string accessKey, string secretKey, string bucket, params (string Name, string Value)[] others)
    {
        await using var deployment = await DeployAsync(endpoint, accessKey, secretKey, bucket);
        foreach (var (name, value) in others)
        {
            deployment.Settings[name] = value;
        }

        await using var probe = await deployment.StartProbeAsync();
        await probe.ReportAsync(Verdict);
        return probe.Reasons().SingleOrDefault()?[$"{Target}: ".Length..];
    }

    private async Task<CalumaDeployment> DeployAsync(Uri endpoint, string accessKey, string secretKey, string bucket)
    {
        var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.StoreMediaIn(endpoint, accessKey, secretKey, bucket);
        return deployment;
    }

    [Slow]
    [Native]
    public sealed class Native(Services services)
    {
        private readonly S3MediaStoreTests _tests = new(services);

        [Fact]
        public Task A_bucket_of_Calumas_own_settings_passes_and_is_left_as_it_was() =>
            _tests.A_bucket_of_Calumas_own_settings_passes_and_is_left_as_it_was();

        [Fact]
        public Task Another_secret_is_refused() =>
            _tests.Another_secret_is_refused();

        [Fact]
        public Task A_missing_bucket_fails_and_is_not_created() =>
            _tests.A_missing_bucket_fails_and_is_not_created();

        [Fact]
        public Task A_user_who_may_only_read_fails() =>
            _tests.A_user_who_may_only_read_fails();

        [Fact]
        public Task An_untrusted_certificate_fails_unless_DEBUG_turns_verification_off() =>
            _tests.An_untrusted_certificate_fails_unless_DEBUG_turns_verification_off();
    }
}
