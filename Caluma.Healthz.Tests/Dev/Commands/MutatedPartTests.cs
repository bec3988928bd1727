using Caluma.Healthz.Dev.Commands;

namespace Caluma.Healthz.Tests.Dev.Commands;

public sealed class MutatedPartTests
{
    private static readonly string _library = Path.Combine(Repository.Root, "Caluma.Healthz");
    private static readonly string _tests = Path.Combine(Repository.Root, "Caluma.Healthz.Tests");

    [Fact]
    public void Each_part_has_the_files_and_tests_that_it_names()
    {
        foreach (var part in MutatedPart.Folders.SelectMany(MutatedPart.Of))
        {
            var folder = Path.Combine(_library, part.Folder);
            Assert.All(part.Files, name => Assert.NotEmpty(Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories)));
            Assert.All(part.Tests, test => Assert.True(
                Directory.Exists(Path.Combine(_tests, test)) || File.Exists(Path.Combine(_tests, $"{test}.cs")), $"There is no {test}."));
        }
    }

    [Fact]
    public void No_file_is_of_two_parts()
    {
        var parts = MutatedPart.Folders.SelectMany(MutatedPart.Of).ToList();
        var files = Directory.EnumerateFiles(_library, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_library, path));

        Assert.All(files, file => Assert.InRange(parts.Count(part => part.Has(file)), 0, 1));
    }

    [Theory]
    [InlineData("Trends/TheilSen.cs", "Trends/**/TheilSen.cs", "Trends/TheilSenTests")]
    [InlineData("Trends/TrendReader.cs", "Trends/**/TrendReader.cs", "Trends")]
    [InlineData("Recording/AlertAnnouncer.cs", "Recording/**/AlertAnnouncer.cs", "Recording")]
    [InlineData("Recording", "Recording/**/*.cs", "Recording")]
    [InlineData("Check.cs", "**/Check.cs", "")]
    public void A_file_or_another_folder_is_a_part_of_its_own(string place, string glob, string test)
    {
        var part = Assert.Single(MutatedPart.Of(place));

        Assert.Equal((place, glob), (part.Name, Assert.Single(part.Globs)));
        Assert.Contains(test, part.Tests);
        Assert.True(part.Has(place.EndsWith(".cs", StringComparison.Ordinal) ? place : $"{place}/Any.cs"));
    }
}
