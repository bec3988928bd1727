namespace Caluma.Healthz.Tests.Endurance;

/// <summary>What <c>./dev endure</c> takes for flat.</summary>
public sealed class EnduranceSampleTests
{
    private static readonly EnduranceSample _flat = new(0, 20, 90, 100, 30, 0, 0, 0);

    [Fact]
    public void What_stays_is_flat() => Assert.Empty(EnduranceSample.Growing(Samples(_ => _flat)));

    [Fact]
    public void What_grows_only_at_first_is_flat() =>
        Assert.Empty(EnduranceSample.Growing(Samples(at => _flat with { ResidentMb = 50 + (Math.Min(at, 3) * 20) })));

    [Fact]
    public void A_peak_is_no_growth() =>
        Assert.Empty(EnduranceSample.Growing(Samples(at => _flat with { Keys = at == 10 ? 100 : 0, Sessions = at == 9 ? 3 : 0 })));

    [Fact]
    public void What_grows_is_said() => Assert.Equal(
        [
            "objects in MB grow from 26 to 30", "resident memory in MB grow from 160 to 200", "descriptors grow from 160 to 200",
            "threads grow from 44 to 60", "database sessions grow from 6 to 10", "keys grow from 60 to 100", "blobs grow from 6 to 10",
        ],
        EnduranceSample.Growing(Samples(at => new EnduranceSample(
            at, 20 + at, 100 + (at * 10), 100 + (at * 10), 20 + (at * 4), at, at * 10, at))));

    private static List<EnduranceSample> Samples(Func<int, EnduranceSample> of) => [.. Enumerable.Range(0, 12).Select(of)];
}
