using Caluma.Healthz.Benchmarks.Apps;

namespace Caluma.Healthz.Tests.Benchmarks.Apps;

public sealed class ProcessUsageTests
{
    [Fact]
    public void Processor_time_is_read_past_a_name_with_spaces_and_brackets() => Assert.Equal(1.75, ProcessUsage.CpuSecondsIn(
        "42 (.NET (x) 1 2) S 1 42 42 0 -1 4194560 100 200 0 0 150 25 7 8 20 0 30 0 123 1 1"));

    [Fact]
    public void Memory_is_read_by_its_name() => Assert.Equal(
        68824, ProcessUsage.KilobytesIn(["55f-7ff ---p 00000000 00:00 0   [rollup]", "Rss:               68824 kB", "Pss: 1 kB"], "Rss:"));

    [Fact]
    public void A_process_that_runs_has_memory_and_has_worked()
    {
        var usage = ProcessUsage.Of(Environment.ProcessId);

        Assert.True(usage.ResidentMegabytes >= usage.PrivateMegabytes && usage.PrivateMegabytes > 1, $"{usage}");
        Assert.True(usage.CpuSeconds > 0, $"{usage}");
    }
}
