using Caluma.Healthz.Benchmarks.Measuring;

namespace Caluma.Healthz.Tests.Benchmarks.Measuring;

public sealed class BenchTests
{
    [Fact]
    public async Task Things_are_measured_in_turn_and_the_first_round_does_not_count()
    {
        var order = new List<string>();
        Func<Task<double>> Measure(string name) => () =>
        {
            order.Add(name);
            return Task.FromResult((double)order.Count);
        };

        var samples = await Bench.InterleaveAsync(2, Measure("ours"), Measure("theirs"));

        Assert.Equal(["ours", "theirs", "ours", "theirs", "ours", "theirs"], order);
        Assert.Equal([3, 5], samples[0].Values);
        Assert.Equal([4, 6], samples[1].Values);
    }
}
