using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class MediaStorageSettingsTests
{
    private const string ConnectionString = "Healthz__MediaStorage__ConnectionString";
    private const string ServiceUri = "Healthz__MediaStorage__ServiceUri";
    private const string Container = "Healthz__MediaStorage__Container";

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=media;AccountKey=c2VjcmV0", "https://media.blob.core.windows.net/")]
    [InlineData("BlobEndpoint=https://media.blob.core.windows.net/;SharedAccessSignature=sv=2025&sig=a%2Bb",
        "https://media.blob.core.windows.net/")]
    [InlineData("BlobEndpoint=https://user:pass@media/?sig=s;AccountName=media;AccountKey=c2VjcmV0", "https://media/")]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10000/devstoreaccount1")]
    public void A_connection_string_of_Azure_is_read_and_its_address_shown(string value, string shown)
    {
        var configuration = Settings.Read($"{ConnectionString}={value}");

        Assert.Empty(configuration.Problems);
        var storage = Assert.IsType<BlobStorageOptions>(configuration.Options.MediaStorage);
        Assert.Equal((value, "caluma-media"), (storage.ConnectionString, storage.Container));
        Assert.Contains(new("media storage", $"{shown} container caluma-media", ConnectionString), configuration.Values);
    }

    [Fact]
    public void An_address_is_used_with_the_identity_of_the_process()
    {
        var configuration = Settings.Read($"{ServiceUri}=https://account.blob.core.windows.net");

        Assert.Empty(configuration.Problems);
        Assert.Equal(new Uri("https://account.blob.core.windows.net"),
            Assert.IsType<BlobStorageOptions>(configuration.Options.MediaStorage).ServiceUri);
        Assert.Contains(
            new("media storage",
                "https://account.blob.core.windows.net/ container caluma-media with the identity of the process", ServiceUri),
            configuration.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AccountKey=c2VjcmV0")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=account;AccountKey=not base64")]
    [InlineData("BlobEndpoint=nonsense;AccountName=account;AccountKey=c2VjcmV0")]
    [InlineData("https://account.blob.core.windows.net/?sig=secret")]
    public void An_invalid_connection_string_is_refused(string value) =>
        Assert.Equal(
            $"{ConnectionString} is not a valid Azure Storage connection string; expected one as the Azure portal shows it, such as "
            + "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…",
            $"{Settings.ReadProblem($"{ConnectionString}={value}")}");

    [Theory]
    [InlineData("")]
    [InlineData("account.blob.core.windows.net")]
    [InlineData("http://account.blob.core.windows.net")]
    [InlineData("https://account.blob.core.windows.net?sig=secret")]
    [InlineData("https://account.blob.core.windows.net#secret")]
    [InlineData("https://user:secret@account.blob.core.windows.net")]
    public void An_invalid_address_is_refused(string value) =>
        Assert.Equal(
            $"{ServiceUri} is not the address of a blob service; expected an https address such as https://account.blob.core.windows.net",
            $"{Settings.ReadProblem($"{ServiceUri}={value}")}");

    [Theory]
    [InlineData("abc")]
    [InlineData("a-1-b")]
    public void The_container_has_the_configured_name(string name) =>
        Assert.Equal(name, $"{Settings.ReadOptions($"{ConnectionString}=UseDevelopmentStorage=true", $"{Container}={name}").MediaStorage}");

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("Media")]
    [InlineData("a--b")]
    [InlineData("media/path")]
    [InlineData("me\tdia")]
    public void An_invalid_container_name_is_refused(string name)
    {
        var problem = Settings.ReadProblem($"{ConnectionString}=UseDevelopmentStorage=true", $"{Container}={name}");

        Assert.Equal((Container, $"is \"{name.Replace('\t', '?')}\""), (problem.Setting, problem.Problem));
    }

    [Fact]
    public void A_connection_string_and_an_address_at_once_are_refused()
    {
        Assert.Equal(
            $"{ServiceUri} is set, and so is {ConnectionString}; expected one of the two",
            Settings.ReadProblem($"{ConnectionString}=UseDevelopmentStorage=true", $"{ServiceUri}=https://account.blob.core.windows.net")
                .ToString());
        Assert.Equal(
            $"{Container} is set, and neither {ConnectionString} nor {ServiceUri} is; expected one of the two",
            $"{Settings.ReadProblem($"{Container}=media")}");
    }

    [Fact]
    public void Calumas_own_storage_is_read_with_Calumas_own_defaults()
    {
        var storage = Assert.IsType<S3StorageOptions>(Settings.ReadOptions("MEDIA_STORAGE_SERVICE=minio").MediaStorage);

        Assert.Equal(
            ("http://minio:9000/", "minio", "minio123", (string?)null, "caluma-media", false),
            ($"{storage.Endpoint}", storage.AccessKey, storage.SecretKey, storage.Region, storage.Bucket, storage.TrustAnyCertificate));
    }

    [Fact]
    public void Every_setting_of_Calumas_storage_counts()
    {
        var configuration = Settings.Read(
            "MINIO_STORAGE_ENDPOINT=s3.example.com",
            "MINIO_STORAGE_ACCESS_KEY=key",
            "MINIO_STORAGE_SECRET_KEY=canary",
            "MINIO_STORAGE_USE_HTTPS=true",
            "MINIO_STORAGE_REGION_NAME=eu",
            "MINIO_STORAGE_MEDIA_BUCKET_NAME=bucket",
            "MINIO_DISABLE_CERT_CHECKS=1",
            "DEBUG=true");
        var storage = Assert.IsType<S3StorageOptions>(configuration.Options.MediaStorage);

        Assert.Equal(
            ("https://s3.example.com/", "key", "canary", "eu", "bucket", true),
            ($"{storage.Endpoint}", storage.AccessKey, storage.SecretKey, storage.Region, storage.Bucket, storage.TrustAnyCertificate));
        Assert.Contains(configuration.Values, value => value is { Name: "media storage", Value: "https://s3.example.com bucket bucket" });
        Assert.DoesNotContain("canary", string.Concat(configuration.Values), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "MEDIA_STORAGE_SERVICE=s3", "MEDIA_STORAGE_SERVICE is \"s3\", which the probe does not know; expected minio, nothing, or the "
        + "storage in Healthz__MediaStorage__ConnectionString or __ServiceUri")]
    [InlineData("MINIO_STORAGE_ENDPOINT=http://minio:9000",
        "MINIO_STORAGE_ENDPOINT is not a host and port; expected one such as minio:9000, without a scheme")]
    [InlineData("MINIO_STORAGE_ENDPOINT=minio:70000",
        "MINIO_STORAGE_ENDPOINT is not a host and port; expected one such as minio:9000, without a scheme")]
    [InlineData("MINIO_STORAGE_ENDPOINT=user:secret@minio",
        "MINIO_STORAGE_ENDPOINT is not a host and port; expected one such as minio:9000, without a scheme")]
    [InlineData("MINIO_STORAGE_USE_HTTPS=perhaps", "MINIO_STORAGE_USE_HTTPS is neither yes nor no; expected true or false")]
    public void A_problem_of_Calumas_storage_is_explained(string setting, string problem) =>
        Assert.Equal(problem, $"{Settings.ReadProblem(setting)}");

    [Theory]
    [InlineData("false")]
    [InlineData("no")]
    [InlineData("0")]
    public void A_no_that_Caluma_reads_as_yes_gets_a_remark(string no) =>
        Assert.Contains(
            "MINIO_STORAGE_USE_HTTPS is read as no; Caluma 9.3.3 itself takes any text for yes",
            Settings.Read($"MINIO_STORAGE_USE_HTTPS={no}").Remarks);

    [Fact]
    public void What_is_empty_is_no_no() => Assert.DoesNotContain(
        Settings.Read("MINIO_STORAGE_ENDPOINT=minio", "MINIO_STORAGE_USE_HTTPS=").Remarks,
        remark => remark.Contains("USE_HTTPS", StringComparison.Ordinal));

    [Theory]
    [InlineData(false)]
    [InlineData(false, "DEBUG=false")]
    [InlineData(false, "DEBUG=maybe")]
    [InlineData(false, "DEBUG=0")]
    [InlineData(false, "ENV=production")]
    [InlineData(false, "DEBUG=false", "ENV=development")]
    [InlineData(true, "DEBUG=true")]
    [InlineData(true, "DEBUG= On ")]
    [InlineData(true, "DEBUG=2")]
    [InlineData(true, "ENV=development")]
    [InlineData(true, "DEBUG=$DJANGO_DEBUG", "DJANGO_DEBUG=1")]
    public void Certificates_are_unverified_only_with_DEBUG(bool trusts, params string[] others)
    {
        var configuration = Settings.Read(["MINIO_DISABLE_CERT_CHECKS=true", .. others]);

        Assert.Empty(configuration.Problems);
        Assert.Equal(trusts, Assert.IsType<S3StorageOptions>(configuration.Options.MediaStorage).TrustAnyCertificate);
        Assert.Equal(
            trusts ? [] : ["MINIO_DISABLE_CERT_CHECKS counts only together with DEBUG, as in Caluma: certificates are checked"],
            configuration.Remarks.Where(remark => remark.StartsWith("MINIO", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("MINIO_STORAGE_ENDPOINT")]
    [InlineData("MINIO_STORAGE_ACCESS_KEY")]
    [InlineData("MINIO_STORAGE_SECRET_KEY")]
    [InlineData("MINIO_STORAGE_MEDIA_BUCKET_NAME")]
    public void An_empty_setting_does_not_get_the_default_as_in_Caluma(string setting) =>
        Assert.Equal((setting, "is empty, which Caluma does not replace by its default"), About(Settings.ReadProblem($"{setting}=")));

    [Fact]
    public void Our_own_storage_wins_over_Calumas() =>
        Assert.IsType<BlobStorageOptions>(
            Settings.ReadOptions("MEDIA_STORAGE_SERVICE=minio", $"{ConnectionString}=UseDevelopmentStorage=true").MediaStorage);

    [Fact]
    public void Without_settings_there_is_no_media_storage()
    {
        Assert.Contains(new ConfigurationValue("media storage", "not configured", "default"), Settings.Read().Values);
        Assert.Null(Settings.ReadOptions("MEDIA_STORAGE_SERVICE=", "MINIO_STORAGE_ENDPOINT=minio:9000").MediaStorage);
    }

    private static (string Setting, string Problem) About(ConfigurationProblem problem) => (problem.Setting, problem.Problem);
}
