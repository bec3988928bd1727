using System.IO.Compression;
using System.Xml.Linq;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests;

/// <summary>The output of <c>dotnet pack</c>.</summary>
[Collection(nameof(Builds))]
[Slow]
public sealed class PackageTests
{
    [Fact]
    public async Task The_library_is_the_only_package_and_has_a_readme_an_icon_symbols_and_SourceLink()
    {
        using var folder = new ServerFolder("pack");
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!;
        await Builds.RunAsync(
            folder,
            "pack", Path.Combine(Repository.Root, "Caluma.Healthz.slnx"), "--no-build", "--configuration", configuration,
            "--output", folder.Path, "-v", "quiet");

        var made = Directory.EnumerateFiles(folder.Path, "*.*nupkg").Order().ToList();
        Assert.Equal([".nupkg", ".snupkg"], made.Select(Path.GetExtension));
        Assert.All(made, file => Assert.StartsWith("Caluma.Healthz.", Path.GetFileName(file), StringComparison.Ordinal));
        await using var package = await ZipFile.OpenReadAsync(made[0], TestContext.Current.CancellationToken);
        var files = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.Superset(
            new HashSet<string>(["README.md", "icon.png", "lib/net10.0/Caluma.Healthz.dll", "lib/net10.0/Caluma.Healthz.xml"]),
            files.ToHashSet());
        await using var manifest = await package.GetEntry("Caluma.Healthz.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        var metadata = XDocument.Load(manifest).Root!.Elements().First().Elements().ToLookup(element => element.Name.LocalName);
        Assert.Equal(
            ("MIT", "README.md", "icon.png"),
            (metadata["license"].Single().Value, metadata["readme"].Single().Value, metadata["icon"].Single().Value));
        await using var symbols = await ZipFile.OpenReadAsync(made[1], TestContext.Current.CancellationToken);
        Assert.Contains("lib/net10.0/Caluma.Healthz.pdb", symbols.Entries.Select(entry => entry.FullName));
    }
}
