using Caluma.Healthz.Tests.History;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>
/// Recorders that know nothing of each other, on one history. <see cref="RecordingOnAzuriteTests"/> has fewer ticks of as many on a real
/// storage.
/// </summary>
public sealed class RecordersAtOnceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_record_is_there_once_and_counts_once()
    {
        var storage = new MemoryHistoryStorage();
        storage.Remove();

        var lines = await TestAsync(() => RecordedProbe.StartOn(storage, new FakeTimeProvider(Records.Noon)), recorders: 20, ticks: 50);

        Assert.Equal(20 * 51, lines);
    }

    /// <summary>Has several recorders record the same ticks at once, and fails where a record is lost or counts twice.</summary>
    /// <returns>The number of lines of the log. Where an answer comes too late, the client of a storage appends again.</returns>
    /// <remarks>
    /// One that is outrun by the others time and again, or waits too long for an answer, says so, and catches up with its next tick.
    /// </remarks>
    internal static async Task<int> TestAsync(Func<RecordedProbe> start, int recorders, int ticks)
    {
        var probes = Enumerable.Range(0, recorders).Select(_ => start()).ToList();

        await Task.WhenAll(probes.Select(probe => Task.Run(() => probe.TickAsync(ticks), Cancel)));

        foreach (var probe in probes)
        {
            await probe.TickAsync();
        }

        var failures = probes.SelectMany(probe => probe.Events("HealthzRecordFailed")).ToList();
        var all = recorders * (ticks + 1);
        var records = await probes[0].RecordsAsync(Records.Day);
        Assert.Equal(all, records.Count);
        Assert.Equal(all, records.DistinctBy(record => (record.Instance, record.Tick)).Count());
        Assert.All(failures, failure => Assert.EndsWith(" lost=0", failure, StringComparison.Ordinal));
        Assert.Equal(all, await probes[0].RolledUpAsync(Records.Day));
        Assert.Equal(all, (await probes[0].StateAsync()).Series.Single().FiveMinutes.Sum(bucket => bucket.Runs));
        var log = await probes[0].ReadAsync("records/2026/11/22.jsonl");
        foreach (var probe in probes)
        {
            await probe.DisposeAsync();
        }

        return log.Count(character => character == '\n');
    }
}
