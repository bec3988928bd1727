namespace Caluma.Healthz.Tests.Endurance;

/// <summary>What <c>./dev endure</c> takes for flat.</summary>
public sealed class EnduranceSampleTests
{
    private const int RunsToFill = 4;

    private static readonly StoredSample _stored = new(0, 600, 30, 3, 25, 40, 5, 100);
    private static readonly EnduranceSample _flat = new(0, 20, 90, 100, 30, 0, 0, 0, _stored);

    [Fact]
    public void What_stays_is_flat() => Assert.Empty(Growing(_ => _flat));

    [Fact]
    public void What_grows_only_at_first_is_flat() => Assert.Empty(Growing(at => _flat with
    {
        ResidentMb = 50 + (Math.Min(at, 3) * 20),
        Stored = _stored with { StateKb = Math.Min(at, 3) * 20 },
    }));

    [Fact]
    public void A_peak_is_no_growth() =>
        Assert.Empty(Growing(at => _flat with { Keys = at == 10 ? 100 : 0, Sessions = at == 9 ? 3 : 0 }));

    [Fact]
    public void What_grows_is_said() => Assert.Equal(
        [
            "objects in MB grow from 26 to 30", "resident memory in MB grow from 160 to 200", "descriptors grow from 160 to 200",
            "threads grow from 44 to 60", "database sessions grow from 6 to 10", "keys grow from 60 to 100", "blobs grow from 6 to 10",
            "surplus blobs of the history grow from 6 to 10", "bytes of log a run grow from 660 to 700",
            "requests to the history a run grow from 6 to 10", "incidents grow from 300 to 500",
            "the state of the alerts in KB grow from 60 to 100",
            "the latest run in KB grow from 6 to 10", "the rollup of a day in KB grow from 60 to 100",
            "the summary of the newest days in KB grow from 60 to 100",
        ],
        Growing(Grown));

    [Fact]
    public void Documents_of_a_history_that_fills_up_may_grow() => Assert.DoesNotContain(
        EnduranceSample.Growing(Samples(Grown), RunsToFill + 1), said => said.StartsWith("the ", StringComparison.Ordinal));

    private static EnduranceSample Grown(int at) => new(
        at, 20 + at, 100 + (at * 10), 100 + (at * 10), 20 + (at * 4), at, at * 10, at,
        new StoredSample(at, 600 + (at * 10), at * 10, at, at * 10, at * 10, at, at * 50));

    private static IReadOnlyList<string> Growing(Func<int, EnduranceSample> of) => EnduranceSample.Growing(Samples(of), RunsToFill);

    private static List<EnduranceSample> Samples(Func<int, EnduranceSample> of) =>
        [.. Enumerable.Range(0, 12).Select(at => of(at) with { Runs = at })];
}
