using System.Text;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>
/// Recording on a real storage and its failures. The other tests of recording (<see cref="RunJournalTests"/>,
/// <see cref="AlertUpdaterTests"/>, <see cref="RollupUpdaterTests"/>) use a history in memory, which <see cref="StorageTests"/> compare
/// with the real one.
/// </summary>
[Slow]
public sealed class RecordingOnAzuriteTests(Services services)
{
    private const string Log = "records/2026/11/22.jsonl";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recorder_sends_the_same_requests_as_to_a_history_in_memory_with_the_same_result()
    {
        var memory = new MemoryHistoryStorage();
        memory.Remove();
        await using var expected = RecordedProbe.StartOn(memory);
        await using var proxy = await StorageProxy.StartAsync(await services.Azurite);
        await using var probe = await RecordedOnAzurite.StartNewAsync(services, proxy);
        await probe.Container.DeleteAsync(cancellationToken: Cancel);

        await RecordAsync(expected);
        await RecordAsync(probe);

        Assert.Equal(memory.Requests.Select(request => $"{request}"), proxy.Requests.Select(request => $"{request}"));
        Assert.Equal(expected.Alerts(), probe.Alerts());
        Assert.NotEmpty(expected.Alerts());
        Assert.Equivalent(await expected.RollupAsync(Records.Day), await probe.RollupAsync(Records.Day));
        Assert.Equal(KilledInAnyRequestTests.Json(await expected.StateAsync()), KilledInAnyRequestTests.Json(await probe.StateAsync()));
        Assert.Equal((await expected.LatestAsync()).Alerts, (await probe.LatestAsync()).Alerts);

        async Task RecordAsync(RecordedProbe recorder)
        {
            await recorder.TickAsync(3);
            recorder.Fails = Reason.Timeout;
            await recorder.TickAsync(4);
            recorder.Fails = null;
            await using var next = recorder.Again();
            await next.TickAsync(4);
            await recorder.TickAsync();
        }
    }

    [Theory]
    [InlineData(nameof(StorageFault.LoseAnswer))]
    [InlineData(nameof(StorageFault.Cut))]
    public async Task A_recorder_retries_as_often_as_with_a_history_in_memory(string name)
    {
        var fault = name == nameof(StorageFault.Cut) ? StorageFault.Cut : StorageFault.LoseAnswer;
        var memory = new MemoryHistoryStorage();
        await using var expected = RecordedProbe.StartOn(memory);
        await using var proxy = await StorageProxy.StartAsync(await services.Azurite);
        await using var probe = await RecordedOnAzurite.StartNewAsync(services, proxy);
        await expected.TickAsync(2);
        await probe.TickAsync(2);
        memory.Clear();
        proxy.Clear();
        memory.Fault = proxy.Fault = request => request.IsAppend || request.Writes(TrendState.BlobName) ? fault : null;

        await expected.TickAsync();
        await probe.TickAsync();
        memory.Fault = proxy.Fault = null;
        await expected.TickAsync();
        await probe.TickAsync();

        Assert.Equal(memory.Requests.Select(request => $"{request}"), proxy.Requests.Select(request => $"{request}"));
        Assert.Equal(
            expected.Events("HealthzRecordFailed", "HealthzRunRecorded").Select(WithoutTime),
            probe.Events("HealthzRecordFailed", "HealthzRunRecorded").Select(WithoutTime));
        Assert.Equal(4, await probe.RolledUpAsync(Records.Day));

        static string WithoutTime(string message) => message.Split(" ms=")[0];
    }

    [Theory]
    [InlineData(nameof(FaultMode.Refused), "connect")]
    [InlineData(nameof(FaultMode.BlackHole), "timeout")]
    [InlineData(nameof(FaultMode.GarbageBytes), "timeout")] // The garbage may be the beginning of a long line.
    [InlineData("503", "busy")]
    public async Task A_storage_that_is_cut_off_for_ten_ticks_loses_nothing(string fault, string reason)
    {
        await using var server = FaultServer.Start(FaultMode.Proxy, (await services.Azurite).EndPoint);
        await using var probe = await RecordedOnAzurite.StartNewAsync(services, server);
        var expected = new List<bool>();
        await TickAsync(3);

        server.Mode = Fault(fault);
        await TickAsync(2);
        probe.Fails = Reason.Timeout;
        await TickAsync(4);
        AssertAnnounced("HealthzAlertFiring");
        probe.Fails = null;
        await TickAsync(4);
        AssertAnnounced("HealthzAlertFiring", "HealthzAlertResolved");
        Assert.Equal(
            Enumerable.Range(1, 10)
                .Select(pending => (LogLevel.Warning, $"HealthzRecordFailed reason={reason} failed=record pending={pending} lost=0")),
            probe.Failures());

        server.Mode = FaultMode.Proxy;
        await TickAsync(2);

        var records = await probe.RecordsAsync(Records.Day);
        Assert.Equal(expected, records.Select(record => record.Ok));
        Assert.Equal(records.Select(record => record.Tick).Order(), records.Select(record => record.Tick));
        Assert.Equal(15, (await probe.RollupAsync(Records.Day)).Hours.Single().Series.Single().Runs);
        Assert.Equal(15, (await probe.ReadAsync(Log)).Count(character => character == '\n'));
        AssertAnnounced("HealthzAlertFiring", "HealthzAlertResolved");
        var ended = Assert.Single((await probe.StateAsync()).Ended, alert => alert.Rule == AlertRule.Unavailable);
        Assert.Equal((records[5].Tick, records[7].Tick, records[10].Tick), (ended.Since, ended.Triggered, ended.Resolved));
        Assert.Equal(10, probe.Failures().Count);
        Assert.Contains(" records=11 ", probe.Events("HealthzRunRecorded")[3], StringComparison.Ordinal);

        // The next process reads the same.
        await using var again = probe.Again();
        await again.TickAsync();
        Assert.Empty(again.Alerts());

        async Task TickAsync(int times)
        {
            expected.AddRange(Enumerable.Repeat(probe.Fails is null, times));
            await (server.Mode.Hangs || server.Mode == FaultMode.GarbageBytes ? probe.TickInVainAsync(times) : probe.TickAsync(times));
        }

        void AssertAnnounced(params string[] events) => Assert.Equal(
            events, probe.Log.GetSnapshot().Where(record => record.Message.Contains("rule=unavailable", StringComparison.Ordinal))
                .Select(record => record.Id.Name));
    }

    /// <remarks>Like a lifecycle rule for a whole account. Azurite answers 409 BlobArchived, as Azure does.</remarks>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Archived_documents_are_computed_again(bool hasRead)
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(services);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(4);
        foreach (var name in new[] { TrendState.BlobName, LatestRun.BlobName, HistoryNames.Rollup(Records.Day) })
        {
            await probe.Container.GetBlobClient(name).SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancel);
        }

        // A process with the documents in memory, and one that has to read them.
        await using var next = probe.Again();
        await (hasRead ? probe : next).TickAsync(2);

        Assert.Empty(probe.Failures().Concat(next.Failures()));
        Assert.Equal(6, await next.RolledUpAsync(Records.Day));
        Assert.Equal(6, (await next.StateAsync()).Series.Single().Streak);
    }

    [Fact]
    public async Task A_storage_that_hangs_does_not_delay_the_end_of_the_process()
    {
        await using var server = FaultServer.Start(FaultMode.Refused, (await services.Azurite).EndPoint);
        var probe = await RecordedOnAzurite.StartNewAsync(services, server);
        await probe.TickInVainAsync();
        server.Mode = FaultMode.AcceptsAndNeverAnswers;
        var ending = probe.DisposeAsync().AsTask();

        await Deadline.UntilAsync("it ends", () =>
        {
            probe.Time.Advance(TimeSpan.FromSeconds(1));
            return ending.IsCompleted;
        });

        await ending;
    }

    [Fact]
    public async Task Twenty_concurrent_recorders_write_and_count_each_record_once()
    {
        await using var azurite = await AzuriteServer.StartNewAsync();
        await using var proxy = await StorageProxy.StartAsync(azurite);
        var container = await azurite.CreateContainerAsync();
        await container.DeleteAsync(cancellationToken: Cancel);

        await RecordersAtOnceTests.TestAsync(
            () => new RecordedProbe(container, proxy.ConnectionString, new FakeTimeProvider(Records.Noon)), recorders: 20, ticks: 10);

        TestContext.Current.SendDiagnosticMessage($"{proxy.Requests.Count} requests");
    }

    private static FaultMode Fault(string name) => name switch
    {
        nameof(FaultMode.Refused) => FaultMode.Refused,
        nameof(FaultMode.BlackHole) => FaultMode.BlackHole,
        nameof(FaultMode.GarbageBytes) => FaultMode.GarbageBytes,
        _ => FaultMode.Answering(
            Encoding.ASCII.GetBytes("HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\nContent-Length: 0\r\n\r\n")),
    };
}
