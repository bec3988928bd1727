namespace Caluma.Healthz.Tests.Eng;

public sealed class EngFolderTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "eng");

    [Fact]
    public void Each_file_and_folder_has_a_line_in_the_README()
    {
        var readme = File.ReadAllText(Path.Combine(_folder, "README.md"));

        Assert.All(
            Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Where(name => name != "README.md"),
            name => Assert.Matches($@"(?m)^\|.*`{name}(/[^`]*)?`", readme));
    }

    [Fact]
    public void No_package_stands_in_for_another() => Assert.All(
        Directory.EnumerateDirectories(_folder).Select(folder => Path.Combine(folder, "package-lock.json")).Where(File.Exists),
        file => Assert.DoesNotContain("\"link\": true", File.ReadAllText(file), StringComparison.Ordinal));
}
