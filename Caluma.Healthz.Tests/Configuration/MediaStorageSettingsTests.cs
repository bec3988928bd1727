using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class MediaStorageSettingsTests
{
    private const string ConnectionString = "Healthz__MediaStorage__ConnectionString";
    private const string ServiceUri = "Healthz__MediaStorage__ServiceUri";
    private const string Container = "Healthz__MediaStorage__Container";

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=media;AccountKey=c2VjcmV0", "https://media.blob.core.windows.net/")]
    [InlineData("BlobEndpoint=https://media.blob.core.windows.net/;SharedAccessSignature=sv=2025&sig=a%2Bb", "https://media.blob.core.windows.net/")]
    [InlineData("BlobEndpoint=https://user:pass@media/?sig=s;AccountName=media;AccountKey=c2VjcmV0", "https://media/")]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10000/devstoreaccount1")]
    public void A_connection_string_of_Azure_is_taken_and_its_address_shown(string value, string shown)
    {
        var configuration = Settings.Read($"{ConnectionString}={value}");

        Assert.Empty(configuration.Problems);
        Assert.Equal((value, "caluma-media"), (configuration.Options.MediaStorage!.ConnectionString, configuration.Options.MediaStorage.Container));
        Assert.Contains(new("media storage", $"{shown} container caluma-media", ConnectionString), configuration.Values);
    }

    [Fact]
    public void An_address_is_used_with_the_identity_of_the_process()
    {
        var configuration = Settings.Read($"{ServiceUri}=https://account.blob.core.windows.net");

        Assert.Empty(configuration.Problems);
        Assert.Equal(new Uri("https://account.blob.core.windows.net"), configuration.Options.MediaStorage!.ServiceUri);
        Assert.Contains(
            new("media storage", "https://account.blob.core.windows.net/ container caluma-media with the identity of the process", ServiceUri),
            configuration.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AccountKey=c2VjcmV0")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=account;AccountKey=not base64")]
    [InlineData("BlobEndpoint=nonsense;AccountName=account;AccountKey=c2VjcmV0")]
    [InlineData("https://account.blob.core.windows.net/?sig=secret")]
    public void Another_string_is_refused(string value) =>
        Assert.Equal(
            $"{ConnectionString} is no connection string of Azure Storage; expected one as the Azure portal shows it, such as "
            + "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…",
            $"{Settings.ReadProblem($"{ConnectionString}={value}")}");

    [Theory]
    [InlineData("")]
    [InlineData("account.blob.core.windows.net")]
    [InlineData("http://account.blob.core.windows.net")]
    [InlineData("https://account.blob.core.windows.net?sig=secret")]
    [InlineData("https://account.blob.core.windows.net#secret")]
    [InlineData("https://user:secret@account.blob.core.windows.net")]
    public void Another_address_is_refused(string value) =>
        Assert.Equal(
            $"{ServiceUri} is no address of a blob service; expected an https address such as https://account.blob.core.windows.net",
            $"{Settings.ReadProblem($"{ServiceUri}={value}")}");

    [Theory]
    [InlineData("abc")]
    [InlineData("a-1-b")]
    public void The_container_has_the_name_it_is_given(string name) =>
        Assert.Equal(name, Settings.ReadOptions($"{ConnectionString}=UseDevelopmentStorage=true", $"{Container}={name}").MediaStorage!.Container);

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("Media")]
    [InlineData("a--b")]
    [InlineData("media/path")]
    [InlineData("media\n")]
    public void A_name_that_no_container_can_have_is_refused(string name)
    {
        var problem = Settings.ReadProblem($"{ConnectionString}=UseDevelopmentStorage=true", $"{Container}={name}");

        Assert.Equal((Container, $"is \"{name.Replace('\n', '?')}\""), (problem.Setting, problem.Problem));
    }

    [Fact]
    public void A_storage_is_given_in_one_way()
    {
        Assert.Equal(
            $"{ServiceUri} is set, and so is {ConnectionString}; expected one of the two",
            $"{Settings.ReadProblem($"{ConnectionString}=UseDevelopmentStorage=true", $"{ServiceUri}=https://account.blob.core.windows.net")}");
        Assert.Equal(
            $"{Container} is set, and neither {ConnectionString} nor {ServiceUri} is; expected one of the two",
            $"{Settings.ReadProblem($"{Container}=media")}");
    }

    [Fact]
    public void Calumas_own_storage_is_refused_unless_the_check_is_left_out()
    {
        Assert.Equal(
            $"MEDIA_STORAGE_SERVICE is \"minio\", which this version cannot probe; expected {ConnectionString} or {ServiceUri}, or the check "
            + "left out of Healthz__Checks",
            $"{Settings.ReadProblem("MEDIA_STORAGE_SERVICE=minio")}");
        Assert.Null(Settings.ReadOptions("MEDIA_STORAGE_SERVICE=minio", "Healthz__Checks=databases,caches").MediaStorage);
        Assert.NotNull(Settings.ReadOptions("MEDIA_STORAGE_SERVICE=minio", $"{ConnectionString}=UseDevelopmentStorage=true").MediaStorage);
    }

    [Fact]
    public void None_is_none()
    {
        Assert.Contains(new ConfigurationValue("media storage", "not configured", "default"), Settings.Read("MEDIA_STORAGE_SERVICE=").Values);
    }
}
