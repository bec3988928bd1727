using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>As many runs as are kept while the storage refuses them.</summary>
[Slow(Because = "Each of a thousand runs writes all that are kept: 10 s.")]
public sealed class FullRunJournalTests
{
    private static readonly Func<StorageRequest, StorageFault?> _forbid = _ => StorageFault.Refuse(403, "AuthorizationFailure");

    private readonly MemoryHistoryStorage _storage = new();

    [Fact]
    public async Task Beyond_the_limit_the_oldest_records_are_lost_and_logged_as_an_error()
    {
        _storage.Fault = _forbid;
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(RunJournal.MaxPending + 2);

        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Equal(
            [
                (LogLevel.Warning, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=0"),
                (LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=1"),
                (LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=1"),
            ],
            probe.Failures().TakeLast(3));
        var records = (await probe.RecordsAsync(Records.Day)).Concat(await probe.RecordsAsync(Records.Day.AddDays(1)));
        Assert.Equal(Enumerable.Range(3, RunJournal.MaxPending + 1)
            .Select(minute => Records.Noon.AddMinutes(minute)), records.Select(record => record.Tick));
        Assert.Equal(
            RunJournal.MaxPending + 1, await probe.RolledUpAsync(Records.Day) + await probe.RolledUpAsync(Records.Day.AddDays(1)));
    }

    [Fact]
    public async Task The_oldest_record_is_kept_until_the_storage_was_asked_again()
    {
        _storage.Fault = _forbid;
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(RunJournal.MaxPending);

        _storage.Fault = null;
        await probe.TickAsync();

        var records = (await probe.RecordsAsync(Records.Day)).Concat(await probe.RecordsAsync(Records.Day.AddDays(1)));
        Assert.Equal(RunJournal.MaxPending + 1, records.Count());
        Assert.DoesNotContain(probe.Failures(), failure => failure.Level == LogLevel.Error);
    }
}
