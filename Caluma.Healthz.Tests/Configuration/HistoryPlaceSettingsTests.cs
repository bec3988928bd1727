using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

/// <summary>The settings for the place of the history.</summary>
public sealed class HistoryPlaceSettingsTests
{
    private const string ConnectionString = "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=c2VjcmV0";
    private const string Own = $"Healthz__History__ConnectionString={ConnectionString}";
    private const string Host = "AzureWebJobsStorage=DefaultEndpointsProtocol=https;AccountName=host;AccountKey=c2VjcmV0";

    [Theory]
    [InlineData(Own, "https://account.blob.core.windows.net/ container healthz", "Healthz__History__ConnectionString")]
    [InlineData(
        "Healthz__History__ServiceUri=https://account.blob.core.windows.net",
        "https://account.blob.core.windows.net/ container healthz with the identity of the process",
        "Healthz__History__ServiceUri")]
    [InlineData(Host, "https://host.blob.core.windows.net/ container healthz", "AzureWebJobsStorage")]
    [InlineData(
        "AzureWebJobsStorage__blobServiceUri=https://host.blob.core.windows.net",
        "https://host.blob.core.windows.net/ container healthz with the identity of the process",
        "AzureWebJobsStorage__blobServiceUri")]
    public void Runs_are_recorded_if_a_storage_is_configured(string setting, string shown, string source)
    {
        var configuration = Settings.Read(setting);

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("history", shown, source), configuration.Values);
        Assert.Contains(new("RetentionDays", "90", "default"), configuration.Values);
        var history = Assert.IsType<HistoryOptions>(configuration.Options.History);
        Assert.Equal(("healthz", 90), (history.Storage!.Container, history.RetentionDays));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/missing/below")]
    public void A_folder_replaces_a_container(string below)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetTempPath()) + below;

        var configuration = Settings.Read($"Healthz__History__Folder={folder}", Host);

        Assert.Empty(configuration.Problems);
        Assert.Equal((folder, null), (configuration.Options.History!.Folder, configuration.Options.History.Storage));
        Assert.Contains(new("history", $"folder {folder}", "Healthz__History__Folder"), configuration.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("history")]
    [InlineData("./history")]
    [InlineData("~/history")]
    public void A_folder_must_have_an_absolute_path(string path) =>
        Assert.Equal(
            $"Healthz__History__Folder is \"{path}\"; expected the absolute path of a folder, such as /var/lib/caluma-healthz",
            $"{Settings.ReadProblem($"Healthz__History__Folder={path}")}");

    [Fact]
    public void Without_a_valid_place_there_is_no_history() =>
        Assert.Null(Settings.Read("Healthz__History__Folder=history").Options.History);

    [Theory]
    [InlineData("ConnectionString", ConnectionString)]
    [InlineData("ServiceUri", "https://account.blob.core.windows.net")]
    [InlineData("Container", "records")]
    public void A_folder_and_a_container_at_once_are_refused(string setting, string value) =>
        Assert.Equal(
            $"Healthz__History__Folder is set, and so is Healthz__History__{setting}; expected one of the two: a history is in a folder or "
                + "in a container",
            $"{Settings.ReadProblem("Healthz__History__Folder=/data", $"Healthz__History__{setting}={value}")}");

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        var parent = Directory.CreateTempSubdirectory("healthz-settings-");
        var (file, link, good) = (
            Path.Combine(parent.FullName, "file"), Path.Combine(parent.FullName, "link"), Path.Combine(parent.FullName, "good"));
        File.WriteAllText(file, "");
        File.CreateSymbolicLink(link, Path.Combine(parent.FullName, "nowhere"));
        File.CreateSymbolicLink(good, parent.FullName);

        Assert.Equal(
            $"Healthz__History__Folder is {file}, which is a file; expected a folder, or a path where one can be created",
            $"{Settings.ReadProblem($"Healthz__History__Folder={file}")}");
        Assert.Equal(
            $"Healthz__History__Folder is {link}, a link to {parent.FullName}/nowhere, which is not a folder; expected a folder, or a path "
                + "where one can be created",
            $"{Settings.ReadProblem($"Healthz__History__Folder={link}")}");
        Assert.Equal(good, Settings.ReadOptions($"Healthz__History__Folder={good}").History!.Folder);
        parent.Delete(recursive: true);
    }

    [Fact]
    public void Our_own_storage_wins_over_that_of_the_host() =>
        Assert.Equal(ConnectionString, Settings.ReadOptions(Host, Own, "AzureWebJobsStorage__blobServiceUri=https://x")
            .History?.Storage?.ConnectionString);

    [Fact]
    public void An_empty_storage_of_the_host_counts_as_unset()
    {
        Assert.Null(Settings.ReadOptions("AzureWebJobsStorage=").History);
        Assert.NotNull(
            Settings.ReadOptions("AzureWebJobsStorage=", "AzureWebJobsStorage__blobServiceUri=https://host.blob.core.windows.net").History);
    }

    [Theory]
    [InlineData(Own)]
    [InlineData(Host)]
    public void The_container_can_have_another_name(string storage) =>
        Assert.Equal("records-1", Settings.ReadOptions(storage, "Healthz__History__Container=records-1").History?.Storage?.Container);

    [Theory]
    [InlineData(Own)]
    [InlineData(Host)]
    public void An_invalid_container_name_is_refused_once(string storage) =>
        Assert.Equal(
            "Healthz__History__Container is \"Records\"; expected 3 to 63 lower-case letters, digits and single dashes, such as healthz",
            $"{Settings.ReadProblem(storage, "Healthz__History__Container=Records")}");

    [Theory]
    [InlineData(
        "AzureWebJobsStorage=nonsense",
        "AzureWebJobsStorage is not a valid Azure Storage connection string; expected one as the Azure portal shows it, such as "
        + "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…")]
    [InlineData(
        "AzureWebJobsStorage__blobServiceUri=http://host.blob.core.windows.net",
        "AzureWebJobsStorage__blobServiceUri is not the address of a blob service; expected an https address such as "
            + "https://account.blob.core.windows.net")]
    [InlineData(
        "Healthz__History__ConnectionString=",
        "Healthz__History__ConnectionString is not a valid Azure Storage connection string; expected one as the Azure portal shows it, "
            + "such as "
        + "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…")]
    [InlineData(
        "Healthz__History__ServiceUri=account",
        "Healthz__History__ServiceUri is not the address of a blob service; expected an https address such as "
            + "https://account.blob.core.windows.net")]
    [InlineData(
        "Healthz__History__Container=records",
        "Healthz__History__Container is set, and neither Healthz__History__ConnectionString nor Healthz__History__ServiceUri is; expected "
            + "one of the two")]
    [InlineData(
        "Healthz__History__Days=9",
        "Healthz__History__Days is not a known setting; expected one of Healthz__History__ConnectionString, Healthz__History__ServiceUri, "
        + "Healthz__History__Container, Healthz__History__RetentionDays, Healthz__History__Folder")]
    [InlineData("Healthz__History=UseDevelopmentStorage=true",
        "Healthz__History takes no value of its own; expected settings below it, Healthz__History__…")]
    public void A_value_that_is_no_storage_is_refused(string setting, string problem)
    {
        var configuration = Settings.Read(setting);

        Assert.Equal(problem, $"{Assert.Single(configuration.Problems)}");
        Assert.Null(configuration.Options.History);
    }

    [Fact]
    public void Two_storages_are_refused() =>
        Assert.Equal(
            "Healthz__History__ServiceUri is set, and so is Healthz__History__ConnectionString; expected one of the two",
            $"{Settings.ReadProblem(Own, "Healthz__History__ServiceUri=https://account.blob.core.windows.net")}");
}
