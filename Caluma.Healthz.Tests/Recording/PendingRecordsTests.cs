using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>Records that the storage did not take, at a tick that another process records.</summary>
public sealed class PendingRecordsTests
{
    private readonly MemoryHistoryStorage _storage = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_written_once_the_storage_is_back()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await RecordInVainAsync(probe);

        await probe.Get<Recorder>().FlushAsync(Cancel);

        Assert.Equal(["12:01", "12:02", "12:03"], await probe.TicksAsync(Records.Day));
        Assert.Equal(3, await probe.RolledUpAsync(Records.Day));
        await probe.TickAsync();
        Assert.Equal(["12:01", "12:02", "12:03", "12:04"], await probe.TicksAsync(Records.Day));
    }

    [Fact]
    public async Task They_are_kept_while_the_storage_is_away()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await RecordInVainAsync(probe);
        _storage.Fault = _ => StorageFault.Refuse(403, "AuthorizationFailure");

        await probe.Get<Recorder>().FlushAsync(Cancel);

        Assert.EndsWith("failed=record pending=2 lost=0", probe.Failures()[^1].Message, StringComparison.Ordinal);
        _storage.Fault = null;
        await probe.Get<Recorder>().FlushAsync(Cancel);
        Assert.Equal(3, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task Where_there_are_none_the_storage_is_not_asked()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync();
        _storage.Clear();

        await probe.Get<Recorder>().FlushAsync(Cancel);

        Assert.Empty(_storage.Requests);
    }

    /// <summary>Records a run, and two more that the storage does not take.</summary>
    private async Task RecordInVainAsync(RecordedProbe probe)
    {
        await probe.TickAsync();
        _storage.Fault = _ => StorageFault.Refuse(403, "AuthorizationFailure");
        await probe.TickAsync(2);
        _storage.Fault = null;
    }
}
