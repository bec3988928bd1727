using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>The end of a recording process.</summary>
public sealed class RunJournalEndTests
{
    private static readonly Func<StorageRequest, StorageFault?> _forbid = _ => StorageFault.Refuse(403, "AuthorizationFailure");

    private readonly MemoryHistoryStorage _storage = new();

    [Fact]
    public async Task Pending_records_are_written_at_the_end()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(2);
        await using (var ending = probe.Again())
        {
            ending.Fails = Reason.Timeout;
            await ending.TickAsync();
            _storage.Fault = _forbid;
            await ending.TickAsync(3);
            Assert.Single(ending.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
            _storage.Fault = null;
        }

        // The next process must not announce it again.
        Assert.Equal(6, await probe.RolledUpAsync(Records.Day));
        await using var next = probe.Again();
        next.Fails = Reason.Timeout;
        await next.TickAsync();
        Assert.DoesNotContain(next.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.Equal(7, (await probe.RecordsAsync(Records.Day)).Count);
        Assert.Equal(7, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task Announced_changes_are_saved_at_the_end()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await using (var ending = probe.Again())
        {
            await ending.TickAsync(2);
            _storage.Fault = request => request.Writes(TrendState.BlobName) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
            await ending.TickAsync();
            Assert.Single(ending.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
            _storage.Fault = null;
        }

        await probe.TickAsync();
        Assert.DoesNotContain(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_that_cannot_be_written_at_the_end_are_logged_as_lost()
    {
        _storage.Fault = _forbid;
        var probe = RecordedProbe.StartOn(_storage);
        await using (probe)
        {
            await probe.TickAsync(3);
            await probe.Get<RunJournal>().DisposeAsync();
            Assert.Equal((LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=0 lost=3"), probe.Failures()[^1]);
        }
    }

    [Fact]
    public async Task A_record_is_kept_when_its_write_is_cancelled()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync();
        var held = new TaskCompletionSource();
        _storage.Fault = request => request.IsAppend ? StorageFault.Delay(held.Task) : null;
        using var stop = new CancellationTokenSource();
        probe.PassTime();
        _storage.Clear();
        var recording = probe.Get<Recorder>().RecordAsync(late: false, "test", stop.Token);
        await Deadline.UntilAsync("it appends", () => _storage.Requests.Count > 0);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recording);
        held.SetResult();
        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Equal(["12:01", "12:02", "12:03"], await probe.TicksAsync(Records.Day));
        Assert.Equal(3, await probe.RolledUpAsync(Records.Day));
    }
}
