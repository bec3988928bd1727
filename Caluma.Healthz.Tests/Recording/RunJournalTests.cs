using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

[Slow]
public sealed class RunJournalTests(Services services) : IAsyncLifetime
{
    private const string Log = "records/2026/11/22.jsonl";
    private const string Rollup = "rollups/2026/11/22.json";

    private static readonly string[] _warmTick = [$"PUT {Log} appendblock", "PUT alerts/state.json", "PUT latest.json", $"PUT {Rollup}"];

    /// <summary>A refusal that the client does not retry, so that many ticks fail quickly.</summary>
    private static readonly FaultMode _forbids = FaultMode.Answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

    private StorageProxy _proxy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _proxy = await StorageProxy.StartAsync(await services.Azurite);

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    [Theory]
    [InlineData("0 * * * * *")]
    [InlineData("*/5 * * * * *")]
    [InlineData("0 0,7,20 * * * *")]
    public async Task A_warm_tick_costs_four_requests_whatever_the_schedule(string schedule)
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy, $"Healthz__Schedule={schedule}");
        await probe.TickAsync(3);
        for (var tick = 0; tick < 20; tick++)
        {
            // Alerts that fire and end cost nothing besides.
            probe.Fails = tick % 10 > 4 ? Reason.Timeout : null;
            _proxy.Clear();

            await probe.TickAsync();

            Assert.Equal(_warmTick, Asked());
            Assert.Equal(4, CallsOfLastTick(probe));
        }

        Assert.NotEmpty(probe.Alerts());
    }

    [Fact]
    public async Task The_first_tick_of_a_process_costs_six_requests()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        await probe.TickAsync(3);
        _proxy.Clear();

        await using var again = probe.Again();
        await again.TickAsync();

        Assert.Equal(
            [$"PUT {Log} appendblock", "GET alerts/state.json", "PUT alerts/state.json",
                "PUT latest.json", $"GET {Rollup}", $"PUT {Rollup}"], Asked());
        Assert.Equal(6, CallsOfLastTick(again));
    }

    /// <remarks>Whether the process before has announced it is known from latest.json.</remarks>
    [Fact]
    public async Task It_costs_one_more_where_the_run_before_has_changed_an_alert()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(3);
        Assert.NotEmpty(probe.Alerts());
        _proxy.Clear();

        await using var again = probe.Again();
        await again.TickAsync();

        Assert.Equal(7, Asked().Count);
        Assert.Equal(7, CallsOfLastTick(again));
    }

    [Fact]
    public async Task The_first_tick_of_all_creates_what_is_missing()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        await probe.Container.DeleteAsync(cancellationToken: Cancel);

        await probe.TickAsync();

        // Without a state: the rollups of 60 days, which are in three months, and the days of the log.
        Assert.Equal(
            [
                $"PUT {Log} appendblock", "PUT", $"PUT {Log}", $"PUT {Log} appendblock",
                "GET alerts/state.json", "GET latest.json", "GET  list",
                "GET  list", "GET  list", "GET  list", "PUT alerts/state.json", "PUT latest.json",
                $"GET {Rollup}", "GET  list", "GET  list", $"PUT {Rollup}", "GET  list", "GET  list", "GET  list", "GET  list", "GET  list",
            ],
            Asked());
        Assert.Equal(Asked().Count, CallsOfLastTick(probe));
    }

    [Theory]
    [InlineData(nameof(FaultMode.Refused), "connect")]
    [InlineData(nameof(FaultMode.BlackHole), "timeout")]
    [InlineData(nameof(FaultMode.GarbageBytes), "timeout")] // It might be the beginning of a long line.
    [InlineData("503", "busy")]
    public async Task A_storage_that_is_cut_off_for_ten_ticks_loses_nothing(string fault, string reason)
    {
        await using var server = FaultServer.Start(FaultMode.Proxy, (await services.Azurite).EndPoint);
        await using var probe = await RecordedProbe.StartNewAsync(services, server);
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
            Failures(probe));

        server.Mode = FaultMode.Proxy;
        await TickAsync(2);

        var records = await probe.RecordsAsync(Records.Day);
        Assert.Equal(expected, records.Select(record => record.Ok));
        Assert.Equal(records.Select(record => record.Tick).Order(), records.Select(record => record.Tick));
        Assert.Equal(15, (await probe.RollupAsync(Records.Day)).Hours.Single().Series.Single().Runs);
        Assert.Equal(15, Lines(await probe.ReadAsync(Log)));
        AssertAnnounced("HealthzAlertFiring", "HealthzAlertResolved");
        var ended = Assert.Single((await probe.StateAsync()).Ended, alert => alert.Rule == AlertRule.Unavailable);
        Assert.Equal((records[5].Tick, records[7].Tick, records[10].Tick), (ended.Since, ended.Triggered, ended.Resolved));
        Assert.Equal(10, Failures(probe).Count);
        Assert.Contains(" records=11 ", probe.Events("HealthzRunRecorded")[3], StringComparison.Ordinal);

        // Nor does the next process know otherwise.
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

    [Fact]
    public async Task A_storage_that_was_away_from_the_start_loses_nothing()
    {
        await using var server = FaultServer.Start(_forbids, (await services.Azurite).EndPoint);
        await using var probe = await RecordedProbe.StartNewAsync(services, server);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(4);

        server.Mode = FaultMode.Proxy;
        await probe.TickAsync();

        Assert.Equal(["12:01", "12:02", "12:03", "12:04", "12:05"], await probe.TicksAsync(Records.Day));
        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.Equal(
            Enumerable.Range(1, 4).Select(pending => $"HealthzRecordFailed reason=permission failed=record pending={pending} lost=0"),
            Failures(probe).Select(failure => failure.Message));
    }

    [Fact]
    public async Task Of_more_than_can_be_kept_the_oldest_are_lost_and_told_of_as_an_error()
    {
        await using var server = FaultServer.Start(_forbids, (await services.Azurite).EndPoint);
        await using var probe = await RecordedProbe.StartNewAsync(services, server);
        await probe.TickAsync(RunJournal.MaxPending + 2);

        server.Mode = FaultMode.Proxy;
        await probe.TickAsync();

        Assert.Equal(
            [
                (LogLevel.Warning, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=0"),
                (LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=1"),
                (LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=1"),
            ],
            Failures(probe).TakeLast(3));
        var records = (await probe.RecordsAsync(Records.Day)).Concat(await probe.RecordsAsync(Records.Day.AddDays(1)));
        Assert.Equal(Enumerable.Range(3, RunJournal.MaxPending + 1)
            .Select(minute => Records.Noon.AddMinutes(minute)), records.Select(record => record.Tick));
        Assert.Equal(
            RunJournal.MaxPending + 1, await probe.RolledUpAsync(Records.Day) + await probe.RolledUpAsync(Records.Day.AddDays(1)));
    }

    [Fact]
    public async Task The_oldest_is_not_given_up_before_the_storage_was_asked_again()
    {
        await using var server = FaultServer.Start(_forbids, (await services.Azurite).EndPoint);
        await using var probe = await RecordedProbe.StartNewAsync(services, server);
        await probe.TickAsync(RunJournal.MaxPending);

        server.Mode = FaultMode.Proxy;
        await probe.TickAsync();

        var records = (await probe.RecordsAsync(Records.Day)).Concat(await probe.RecordsAsync(Records.Day.AddDays(1)));
        Assert.Equal(RunJournal.MaxPending + 1, records.Count());
        Assert.DoesNotContain(Failures(probe), failure => failure.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_storage_that_fails_between_two_days_gets_both()
    {
        await using var server = FaultServer.Start(FaultMode.Proxy, (await services.Azurite).EndPoint);
        await using var probe = await RecordedProbe.StartNewAsync(services, server);
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync(2);
        server.Mode = _forbids;
        await probe.TickAsync(7);

        server.Mode = FaultMode.Proxy;
        await probe.TickAsync();

        Assert.Equal(["23:55", "23:56", "23:57", "23:58", "23:59"], await probe.TicksAsync(Records.Day));
        Assert.Equal(["00:00", "00:01", "00:02", "00:03", "00:04"], await probe.TicksAsync(Records.Day.AddDays(1)));
        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(5, await probe.RolledUpAsync(Records.Day.AddDays(1)));
    }

    [Theory]
    [InlineData(nameof(StorageFault.LoseAnswer))]
    [InlineData(nameof(StorageFault.Cut))]
    public async Task An_append_whose_answer_is_lost_every_time_counts_once(string fault)
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        await probe.TickAsync(2);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync();
        _proxy.Fault = request => !request.IsAppend ? null : fault == nameof(StorageFault.Cut) ? StorageFault.Cut : StorageFault.LoseAnswer;
        await probe.TickAsync();
        _proxy.Fault = null;
        await probe.TickAsync();
        probe.Fails = null;
        await probe.TickAsync();

        // The first try and two retries, and then with the next record.
        Assert.Equal(fault == nameof(StorageFault.Cut) ? 6 : 9, Lines(await probe.ReadAsync(Log)));
        Assert.Equal(6, (await probe.RecordsAsync(Records.Day)).Count);
        var hour = Assert.Single((await probe.RollupAsync(Records.Day)).Hours);
        Assert.Equal((6, 3), (hour.Ticks, hour.Series[0].Reasons[Reason.Timeout]));
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        var open = (await probe.StateAsync()).Open.Single(alert => alert.Rule == AlertRule.Unavailable);
        Assert.Equal((Records.Noon.AddMinutes(3), Records.Noon.AddMinutes(5)), (open.Since, open.Triggered));
    }

    [Fact]
    public async Task An_append_that_lands_twice_at_once_counts_once()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync();
        _proxy.FaultOnce(request => request.IsAppend, StorageFault.LoseAnswer);
        await probe.TickAsync();

        Assert.Equal(3, Lines(await probe.ReadAsync(Log)));
        Assert.Equal(2, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(2, (await probe.StateAsync()).Series.Single().Streak);
        Assert.Empty(Failures(probe));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("foreign")]
    public async Task What_is_recorded_goes_on_in_the_next_part(string what)
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        if (what == "foreign")
        {
            await probe.Container.UploadBlobAsync(Log, BinaryData.FromString("nothing of ours"), Cancel);
        }

        await probe.TickAsync(2);
        if (what == "full")
        {
            _proxy.Fault = request => request.IsAppend && request.Blob == Log ? StorageFault.Refuse(409, "BlockCountExceedsLimit") : null;
        }

        await probe.TickAsync(2);
        await using var again = probe.Again();
        await again.TickAsync(2);
        await probe.TickAsync(2);

        Assert.Equal(8, (await probe.RecordsAsync(Records.Day)).Count);
        Assert.Equal(8, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(8, (await probe.StateAsync()).Series.Single().Streak);
        Assert.Equal(1, (await probe.StateAsync()).Part);
        Assert.Empty(Failures(probe));
        Assert.Empty(Failures(again));
    }

    /// <remarks>An operator holds a lease on it.</remarks>
    [Theory]
    [InlineData(TrendState.BlobName, "alerts")]
    [InlineData(LatestRun.BlobName, "alerts")]
    [InlineData(Rollup, "rollups")]
    public async Task A_document_that_cannot_be_written_keeps_nothing_else_from_being_written_and_is_named(string name, string failed)
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync();
        _proxy.Fault = request => request.Writes(name) ? StorageFault.Refuse(412, "LeaseIdMissing") : null;
        await probe.TickAsync(3);

        Assert.Equal(Enumerable.Repeat($"HealthzRecordFailed reason=busy failed={failed} pending=0 lost=0", 3),
            Failures(probe).Select(failure => failure.Message));
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.Equal(name == Rollup ? 1 : 4, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(name == TrendState.BlobName ? 1 : 4, (await probe.StateAsync()).Series.Single().Streak);
        _proxy.Fault = null;
        await probe.TickAsync();

        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(5, (await probe.StateAsync()).Series.Single().Streak);
    }

    /// <remarks>As a rule of an operator does with all of an account. Azurite answers 409 BlobArchived, as Azure does.</remarks>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Documents_that_somebody_archives_are_made_anew(bool hasRead)
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(4);
        foreach (var name in new[] { TrendState.BlobName, LatestRun.BlobName, Rollup })
        {
            await probe.Container.GetBlobClient(name).SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancel);
        }

        // One that holds them in memory, and one that has to read them.
        await using var next = probe.Again();
        await (hasRead ? probe : next).TickAsync(2);

        Assert.Empty(Failures(probe).Concat(Failures(next)));
        Assert.Equal(6, await next.RolledUpAsync(Records.Day));
        Assert.Equal(6, (await next.StateAsync()).Series.Single().Streak);
    }

    [Fact]
    public async Task What_is_pending_is_written_at_the_end()
    {
        await using var server = FaultServer.Start(FaultMode.Proxy, (await services.Azurite).EndPoint);
        await using var probe = await RecordedProbe.StartNewAsync(services, server);
        await probe.TickAsync(2);
        await using (var ending = probe.Again())
        {
            ending.Fails = Reason.Timeout;
            await ending.TickAsync();
            server.Mode = _forbids;
            await ending.TickAsync(3);
            Assert.Single(ending.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
            server.Mode = FaultMode.Proxy;
        }

        // What the next process has to know of it, too: what was announced is not announced again.
        Assert.Equal(6, await probe.RolledUpAsync(Records.Day));
        await using var next = probe.Again();
        next.Fails = Reason.Timeout;
        await next.TickAsync();
        Assert.DoesNotContain(next.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.Equal(7, (await probe.RecordsAsync(Records.Day)).Count);
        Assert.Equal(7, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task What_was_announced_and_not_yet_saved_is_saved_at_the_end()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await using (var ending = probe.Again())
        {
            await ending.TickAsync(2);
            _proxy.Fault = request => request.Writes(TrendState.BlobName) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
            await ending.TickAsync();
            Assert.Single(ending.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
            _proxy.Fault = null;
        }

        await probe.TickAsync();
        Assert.DoesNotContain(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_written_at_the_end_is_told_of_as_lost()
    {
        await using var server = FaultServer.Start(_forbids, (await services.Azurite).EndPoint);
        var probe = await RecordedProbe.StartNewAsync(services, server);
        await using (probe)
        {
            await probe.TickAsync(3);
            await probe.Get<RunJournal>().DisposeAsync();
            Assert.Equal((LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=0 lost=3"), Failures(probe)[^1]);
        }
    }

    [Fact]
    public async Task A_storage_that_hangs_does_not_keep_the_process_from_its_end()
    {
        await using var server = FaultServer.Start(_forbids, (await services.Azurite).EndPoint);
        var probe = await RecordedProbe.StartNewAsync(services, server);
        await probe.TickAsync();
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
    public async Task A_record_whose_writing_is_cancelled_is_kept()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        await probe.TickAsync();
        var held = new TaskCompletionSource();
        _proxy.Fault = request => request.IsAppend ? StorageFault.Delay(held.Task) : null;
        using var stop = new CancellationTokenSource();
        probe.PassTime();
        _proxy.Clear();
        var recording = probe.Get<Recorder>().RecordAsync(late: false, "test", stop.Token);
        await Deadline.UntilAsync("it appends", () => _proxy.Requests.Count > 0);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recording);
        held.SetResult();
        _proxy.Fault = null;
        await probe.TickAsync();

        Assert.Equal(["12:01", "12:02", "12:03"], await probe.TicksAsync(Records.Day));
        Assert.Equal(3, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task On_the_first_tick_of_a_day_what_is_too_old_goes()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, "Healthz__History__RetentionDays=30");
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync(2);
        foreach (var days in new[] { 28, 29, 30, 31, 398, 399, 400, 401 })
        {
            var day = Records.Day.AddDays(-days);
            await probe.Container.UploadBlobAsync($"records/{day:yyyy'/'MM'/'dd}.jsonl", BinaryData.FromString(""), Cancel);
            await probe.Container.UploadBlobAsync(HistoryNames.Rollup(day), BinaryData.FromString("{}"), Cancel);
        }

        await probe.TickAsync(3);
        Assert.Contains("2025/10/18", Days(probe.Container, "records/"));
        await probe.TickAsync(3);

        Assert.Equal(["2026/10/24", "2026/10/25", "2026/11/22", "2026/11/23"], Days(probe.Container, "records/"));
        Assert.Equal(
            ["2025/10/19", "2025/10/20", "2026/10/22", "2026/10/23", "2026/10/24", "2026/10/25", "2026/11/22", "2026/11/23"],
            Days(probe.Container, "rollups/"));
        Assert.Empty(probe.Events("HealthzRetentionFailed", "HealthzRecordFailed"));
    }

    [Fact]
    public async Task A_storage_that_forbids_deletion_is_told_of_once_a_day_and_records()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy, "Healthz__Schedule=0 0 */6 * * *");
        _proxy.Fault = request => request.Method == "DELETE" ? StorageFault.Refuse(403, "AuthorizationPermissionMismatch") : null;
        await probe.Container.UploadBlobAsync("records/2026/01/01.jsonl", BinaryData.FromString(""), Cancel);

        await probe.TickAsync(12);

        Assert.Equal(Enumerable.Repeat("HealthzRetentionFailed reason=permission", 4), probe.Events("HealthzRetentionFailed"));
        Assert.Empty(Failures(probe));
        Assert.Equal(12, probe.Events("HealthzRunRecorded").Count);
        Assert.Equal(4, await probe.RolledUpAsync(Records.Day.AddDays(2)));
    }

    [Fact]
    public async Task Deleting_that_takes_too_long_is_no_failed_record()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy, "Healthz__Schedule=0 0 */12 * * *");
        await probe.TickAsync();
        await probe.Container.UploadBlobAsync("records/2026/01/01.jsonl", BinaryData.FromString(""), Cancel);
        var held = new TaskCompletionSource();
        _proxy.Fault = request => request.Method == "DELETE" ? StorageFault.Delay(held.Task) : null;
        await probe.TickAsync();
        probe.PassTime();
        var recording = probe.RecordAsync();
        await Deadline.UntilAsync("it deletes", () => _proxy.Requests.Any(request => request.Method == "DELETE"));
        await Deadline.UntilAsync("it gives up", () =>
        {
            probe.Time.Advance(TimeSpan.FromSeconds(1));
            return recording.IsCompleted;
        });
        await recording;
        held.SetResult();

        Assert.Equal(["HealthzRetentionFailed reason=timeout"], probe.Events("HealthzRetentionFailed").Distinct());
        Assert.Empty(Failures(probe));
    }

    private static FaultMode Fault(string name) => name switch
    {
        nameof(FaultMode.Refused) => FaultMode.Refused,
        nameof(FaultMode.BlackHole) => FaultMode.BlackHole,
        nameof(FaultMode.GarbageBytes) => FaultMode.GarbageBytes,
        _ => FaultMode.Answering(
            Encoding.ASCII.GetBytes("HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\nContent-Length: 0\r\n\r\n")),
    };

    private static IReadOnlyList<(LogLevel Level, string Message)> Failures(RecordedProbe probe) =>
        [.. probe.Log.GetSnapshot().Where(record => record.Id.Name == "HealthzRecordFailed")
            .Select(record => (record.Level, record.Message))];

    private static int CallsOfLastTick(RecordedProbe probe) =>
        int.Parse(probe.Events("HealthzRunRecorded")[^1].Split("calls=")[1], CultureInfo.InvariantCulture);

    private static int Lines(string log) => log.Count(character => character == '\n');

    private static IReadOnlyList<string> Days(BlobContainerClient container, string prefix) =>
        [.. container.GetBlobs(new() { Prefix = prefix }, Cancel).Select(blob => blob.Name[prefix.Length..(prefix.Length + 10)])];

    private IReadOnlyList<string> Asked() => [.. _proxy.Requests.Select(request => $"{request}")];
}
