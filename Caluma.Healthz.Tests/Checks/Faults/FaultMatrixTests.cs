using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Faults;

/// <summary>
/// The fault matrix in docs/testing.md is that of the tests. After a change of tests it is written anew with
/// <c>HEALTHZ_TEST_APPROVE=yes ./dev test --filter-class '*FaultMatrixTests'</c>.
/// </summary>
public sealed class FaultMatrixTests
{
    private const string Begin = "<!-- begin of the fault matrix -->\n";
    private const string End = "<!-- end of the fault matrix -->\n";

    private static readonly string _path = Path.Combine(Repository.Root, "docs", "testing.md");

    [Fact]
    public void The_documented_matrix_is_that_of_the_tests()
    {
        var document = File.ReadAllText(_path);
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && begin < end, "The matrix has its place in the document.");
        var matrix = $"{FaultMatrix.Held} cells are held by a test, and {FaultMatrix.Holes} are empty: no test holds them yet.\n\n"
            + FaultMatrix.Table();
        if (Environment.GetEnvironmentVariable("HEALTHZ_TEST_APPROVE") is "yes")
        {
            File.WriteAllText(_path, $"{document[..begin]}{Begin}{matrix}{document[end..]}");
            return;
        }

        Assert.Equal(matrix, document[(begin + Begin.Length)..end]);
    }
}
