namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>
/// Each input that fuzzing starts from, and each one that has shown a fault, is taken without one. <c>./dev fuzz</c> looks for more.
/// </summary>
public sealed class FuzzCorpusTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "Caluma.Healthz.Tests", "Fuzzing", "Corpora");

    public static TheoryData<string, string> Inputs =>
    [
        .. from target in FuzzTargets.All
           from file in Directory.EnumerateFiles(Path.Combine(_folder, target.Name)).Order(StringComparer.Ordinal)
           select (target.Name, Path.GetFileName(file)),
    ];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void An_input_is_taken_without_a_fault(string target, string file) =>
        FuzzTargets.Of(target).Hold(File.ReadAllBytes(Path.Combine(_folder, target, file)));

    [Fact]
    public void Each_folder_is_that_of_a_target() => Assert.Equal(
        FuzzTargets.All.Select(target => target.Name).Order(StringComparer.Ordinal),
        Directory.EnumerateDirectories(_folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));
}
