using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>Sums of runs.</summary>
public sealed class TallyTests
{
    [Fact]
    public void The_sum_of_several_has_the_sum_of_each_count_and_all_latencies()
    {
        var sum = Tally.Sum([Of(10, 3, 2, (Reason.Timeout, 3)), Of(7, 1, 5, (Reason.Connect, 1)), Of(1, 1, 1, (Reason.Timeout, 1))]);

        Assert.Equal((18, 5, 8, 18L), (sum.Runs, sum.Failed, sum.Excluded, sum.Latency.Count));
        Assert.Equal(
            new Dictionary<Reason, int> { [Reason.Timeout] = 4, [Reason.Connect] = 1 }.OrderBy(pair => pair.Key),
            sum.Reasons.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void The_sum_of_one_is_that_one_and_of_none_is_none()
    {
        var one = Of(10, 3, 2, (Reason.Timeout, 3));

        Assert.Same(one, Tally.Sum([one]));
        Assert.Same(Tally.None, Tally.Sum([]));
    }

    private static Tally Of(int runs, int failed, int excluded, (Reason Reason, int Count) reasons) => new(
        runs,
        failed,
        excluded,
        new Dictionary<Reason, int> { [reasons.Reason] = reasons.Count },
        Latencies.Of(Enumerable.Repeat(10d + runs, runs)));
}
