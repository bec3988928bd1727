namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>A document or a line in which one value is odd costs no run, and no answer.</summary>
[Slow(Because = "Thousands of documents take a minute of a processor.")]
public sealed class OddJsonTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "Caluma.Healthz.Tests", "Fuzzing", "Corpora");

    public static TheoryData<string> Documents => [.. Names("documents")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_with_an_odd_value_is_taken_for_what_it_says_or_for_broken(string file)
    {
        var (name, content) = Read(file);

        AssertNone(OddJson.Of(content).Select(odd => $"{name}\n{odd}"), FuzzedHistory.TakeDocument);
    }

    [Fact]
    public void A_line_of_the_log_with_an_odd_value_is_taken_for_what_it_says_or_skipped()
    {
        var lines = File.ReadAllLines(Path.Combine(_folder, "records", "sound"));

        AssertNone(OddJson.Of(lines[0]).Select(odd => $"{odd}\n{lines[1]}\n"), FuzzedHistory.TakeRecords);
    }

    private static IEnumerable<string> Names(string target) =>
        Directory.EnumerateFiles(Path.Combine(_folder, target), "*.json").Order(StringComparer.Ordinal)
            .Select(file => Path.GetFileName(file));

    private static (string Name, string Content) Read(string file)
    {
        var lines = File.ReadAllText(Path.Combine(_folder, "documents", file)).Split('\n', 2);
        return (lines[0], lines[1]);
    }

    /// <summary>Says what goes wrong with which input, a fault of each kind.</summary>
    private static void AssertNone(IEnumerable<string> inputs, Action<string> take)
    {
        var faults = new Dictionary<string, string>();
        foreach (var input in inputs)
        {
            try
            {
                take(input);
            }
            catch (Exception exception)
            {
                faults.TryAdd($"{exception.GetType()} {exception.Message}", input);
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults.Select(fault => $"{fault.Key}\n{fault.Value}")));
    }
}
