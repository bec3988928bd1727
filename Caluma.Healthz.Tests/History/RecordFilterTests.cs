using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>What is kept of recorded runs.</summary>
public sealed class RecordFilterTests
{
    private static readonly RecordFilter _onlyFailed = RecordFilter.None with { OnlyFailed = true };

    [Fact]
    public async Task A_filter_keeps_the_runs_that_match()
    {
        RunRecord[] records = [Records.At(Records.Noon), Records.At(Records.Noon.AddMinutes(1), fails: Reason.Timeout)];

        var kept = await _onlyFailed.Apply(records.ToAsyncEnumerable()).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["12:01 one"], kept.Select(record => record.Name()));
    }

    [Fact]
    public void Without_a_filter_everything_is_kept_as_it_is()
    {
        var records = AsyncEnumerable.Empty<RunRecord>();
        var empty = Records.At(Records.Noon, targets: 0);

        Assert.Same(records, RecordFilter.None.Apply(records));
        Assert.Same(empty, RecordFilter.None.Apply(empty));
    }
}
