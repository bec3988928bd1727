using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Eng;

/// <summary>known-releases.txt is the output of eng/KnownReleases.cs for eng/releases.json.</summary>
[Collection(nameof(Builds))]
[Slow]
public sealed class KnownReleasesScriptTests
{
    [Fact]
    public async Task The_list_is_what_the_script_writes()
    {
        using var folder = new ServerFolder("known-releases");

        await Builds.RunAsync(
            folder,
            "run", Path.Combine(Repository.Root, "eng", "KnownReleases.cs"), "--",
            Path.Combine(Repository.Root, "eng", "releases.json"), folder.PathOf("known-releases.txt"));

        Assert.Equal(
            await File.ReadAllTextAsync(
                Path.Combine(Repository.Root, "Caluma.Healthz", "Migrations", "known-releases.txt"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(folder.PathOf("known-releases.txt"), TestContext.Current.CancellationToken));
    }
}
