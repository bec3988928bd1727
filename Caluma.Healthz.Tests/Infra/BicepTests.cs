using System.Text.RegularExpressions;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>
/// The checks of infra/ that need no Azure. For the compiler unknown types and missing properties are warnings, because its types may be
/// wrong; here every diagnostic is an error.
/// </summary>
[Slow]
public sealed partial class BicepTests(BicepMistakes mistakes) : IClassFixture<BicepMistakes>
{
    public static TheoryData<string> Mistakes => [.. BicepMistakes.All.Select(mistake => mistake.Name)];

    [Fact]
    public async Task Every_file_builds_without_a_single_diagnostic()
    {
        Assert.NotEmpty(InfraFolder.Files(".bicep"));
        Assert.NotEmpty(InfraFolder.Files(".bicepparam"));
        Assert.Empty(await BicepCompiler.RunAsync(InfraFolder.Origin, "lint", "--pattern", "**/*.bicep*"));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_of_each_kind_is_refused(string name)
    {
        var mistake = BicepMistakes.All.Single(mistake => mistake.Name == name);

        var diagnostics = await mistakes.DiagnosticsAsync(mistake);

        Assert.Contains(diagnostics, diagnostic => diagnostic.Contains($" {mistake.Code}: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_file_is_formatted()
    {
        using var infra = new InfraFolder();

        Assert.Empty(await BicepCompiler.RunAsync(infra.Path, "format", "--pattern", "**/*.bicep*"));

        Assert.Empty(
            from file in InfraFolder.Files(".bicep", ".bicepparam")
            where File.ReadAllText(infra.PathOf(file)) != File.ReadAllText(Path.Combine(InfraFolder.Origin, file))
            select file);
    }

    [Fact]
    public void Every_module_and_every_query_is_used()
    {
        var used =
            from file in InfraFolder.Files(".bicep", ".bicepparam").Select(file => Path.Combine(InfraFolder.Origin, file))
            from reference in Reference().Matches(File.ReadAllText(file))
            select Path.GetRelativePath(
                InfraFolder.Origin, Path.GetFullPath(reference.Groups["file"].Value, Path.GetDirectoryName(file)!));

        Assert.Equal(InfraFolder.Files(".bicep", ".kql").Except(["main.bicep"]).Order(), used.Distinct().Except(["main.bicep"]).Order());
    }

    [GeneratedRegex(@"'(?<file>[\w./-]+\.(bicep|kql))'")]
    private static partial Regex Reference();
}
