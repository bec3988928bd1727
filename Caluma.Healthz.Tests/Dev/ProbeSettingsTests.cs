using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Tests.Dev;

public sealed class ProbeSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("healthz-dev-");

    private Workspace Workspace => new("/clone", _folder.FullName);

    [Fact]
    public void By_default_all_three_servers_are_started_and_the_history_is_in_a_folder() => Assert.Equal(
        [Need.Postgres, Need.Redis, Need.Azurite], Of().Needs(FrontDoor.Server));

    [Theory]
    [InlineData("DATABASE_HOST", Need.Postgres)]
    [InlineData("Healthz__Databases__default", Need.Postgres)]
    [InlineData("CACHE_LOCATION", Need.Redis)]
    [InlineData("CACHE_BACKEND", Need.Redis)]
    [InlineData("Healthz__Caches__default", Need.Redis)]
    [InlineData("Healthz__MediaStorage__ConnectionString", Need.Azurite)]
    [InlineData("Healthz__MediaStorage__ServiceUri", Need.Azurite)]
    [InlineData("MINIO_STORAGE_ENDPOINT", Need.Azurite)]
    [InlineData("MEDIA_STORAGE_SERVICE", Need.Azurite)]
    public void A_configured_server_is_not_started(string name, object need)
    {
        Assert.DoesNotContain((Need)need, Of($"{name}=there").Needs(FrontDoor.Server));
        Assert.Contains((Need)need, Of($"{name}=").Needs(FrontDoor.Server));
    }

    [Fact]
    public void The_Functions_host_has_a_storage_of_its_own()
    {
        Assert.Contains(Need.Azurite, Of("MEDIA_STORAGE_SERVICE=there").Needs(FrontDoor.Functions));
        Assert.DoesNotContain(Need.Azurite, Of("MEDIA_STORAGE_SERVICE=there", "AzureWebJobsStorage=there").Needs(FrontDoor.Functions));
    }

    [Fact]
    public void The_history_is_in_a_folder_and_that_of_the_demo_in_another()
    {
        Assert.Equal(Path.Combine(_folder.FullName, "history"), Placed(demo: false)["Healthz__History__Folder"]);
        Assert.Equal(Path.Combine(_folder.FullName, "history-demo"), Placed(demo: true)["Healthz__History__Folder"]);
    }

    [Theory]
    [InlineData("Healthz__History__Folder=/var/lib/healthz/")]
    [InlineData("Healthz__History__ConnectionString=there")]
    [InlineData("Healthz__History__ServiceUri=there")]
    [InlineData("AzureWebJobsStorage=there")]
    public void A_configured_history_stays_where_it_is(string setting) => Assert.Empty(Placed(demo: false, setting));

    [Theory]
    [InlineData("Healthz__History__Folder=/var/lib/healthz/", "Healthz__History__Folder", "/var/lib/healthz-demo")]
    [InlineData("Healthz__History__ConnectionString=there", "Healthz__History__Container", "healthz-demo")]
    [InlineData("AzureWebJobsStorage=there", "Healthz__History__Container", "healthz-demo")]
    public void A_demo_never_replaces_a_configured_history(string setting, string name, string value) =>
        Assert.Equal(new Dictionary<string, string> { [name] = value }, Placed(demo: true, setting));

    [Fact]
    public void A_generated_key_is_kept_in_a_private_file()
    {
        var (first, second) = (Of(), Of());
        first.ChooseKey(Workspace);
        second.ChooseKey(Workspace);

        Assert.Matches("^[0-9a-f]{40}$", first.Key);
        Assert.Equal(first.Key, second.Key);
        Assert.Equal(first.Key, first.Added["HEALTHZ_FUNCTION_KEYS"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Workspace.PathOf("key")));
    }

    [Theory]
    [InlineData("a-key")]
    [InlineData(" a-key, another")]
    public void The_first_configured_key_is_used(string keys)
    {
        var settings = Of($"HEALTHZ_FUNCTION_KEYS={keys}");
        settings.ChooseKey(Workspace);

        Assert.Equal("a-key", settings.Key);
        Assert.Empty(settings.Added);
    }

    [Fact]
    public void An_empty_list_of_keys_is_refused() => Assert.Equal(
        "HEALTHZ_FUNCTION_KEYS names no key; expected one, or several with commas between them.",
        Assert.Throws<DevException>(() => Of("HEALTHZ_FUNCTION_KEYS= , ").ChooseKey(Workspace)).Message);

    [Theory]
    [InlineData(null, "0 * * * * *")]
    [InlineData("HEALTHZ_SCHEDULE=0 */5 * * * *", "0 */5 * * * *")]
    [InlineData("Healthz__Schedule=0 */7 * * * *", "0 */7 * * * *")]
    public void The_default_schedule_is_a_run_a_minute(string? setting, string schedule)
    {
        var settings = Of([.. new[] { setting }.OfType<string>()]);
        settings.Enable();

        Assert.Equal(("true", schedule), (settings.Added["ENABLE_HEALTHZ_ENDPOINT"], settings.Added["HEALTHZ_SCHEDULE"]));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static ProbeSettings Of(params string[] environment)
    {
        var variables = environment.Select(variable => variable.Split('=', 2))
            .ToDictionary(variable => variable[0], variable => variable[1]);
        return new ProbeSettings(variables.GetValueOrDefault);
    }

    private IReadOnlyDictionary<string, string> Placed(bool demo, params string[] environment)
    {
        var settings = Of(environment);
        settings.PlaceHistory(Workspace, demo);
        return settings.Added;
    }
}
