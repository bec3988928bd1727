namespace Caluma.Healthz.Tests.Checks.Faults;

/// <summary>
/// The fault matrix in docs/testing.md is that of the tests. After a change of tests it is written anew with
/// <c>HEALTHZ_TEST_APPROVE=yes ./dev test --filter-class '*FaultMatrixTests'</c>.
/// </summary>
public sealed class FaultMatrixTests
{
    [Fact]
    public void The_documented_matrix_is_that_of_the_tests() => TestTable.AssertDocumented(
        "fault matrix",
        $"{FaultMatrix.Held} cells are held by a test, and {(FaultMatrix.Holes == 0 ? "none is" : $"{FaultMatrix.Holes} are")} empty.\n\n"
            + FaultMatrix.Table());
}
