using Azure.Storage.Blobs;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Server.Serving;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Server.Serving;

[Slow]
public sealed class RecordingServiceTests(Services services) : IAsyncLifetime
{
    private const string EveryFiveSeconds = "*/5 * * * * *";

    private static readonly FaultMode _forbids = FaultMode.Answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

    private readonly ObservedTime _time = new(Records.Noon);
    private BlobContainerClient _container = null!;
    private FaultServer _storage = null!;
    private RecordedProbe _probe = null!;
    private RecordingService _service = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var azurite = await services.Azurite;
        _container = await services.CreateContainerAsync();
        _storage = FaultServer.Start(FaultMode.Proxy, azurite.EndPoint);
        _probe = new RecordedProbe(_container, azurite.ConnectionStringVia(_storage), _time);
        _service = new RecordingService(_probe.Get<Recorder>(), _probe.Get<RecorderLease>(), _probe.Get<HealthzConfiguration>(), _time);
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _probe.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task Each_tick_of_the_schedule_is_recorded()
    {
        await _service.StartAsync(Cancel);
        for (var minute = 1; minute <= 3; minute++)
        {
            Assert.Equal(minute - 1, Recorded());
            await LetComeAsync(Records.Noon.AddMinutes(minute));
            await UntilRecordedAsync(minute);
        }

        await _service.StopAsync(Cancel);

        Assert.Equal(["12:01 False server", "12:02 False server", "12:03 False server"], await RecordsAsync());
    }

    [Fact]
    public async Task After_the_machine_has_slept_the_newest_tick_is_recorded_as_late_and_those_before_it_are_missing()
    {
        await _service.StartAsync(Cancel);
        await _time.UntilAwaitedAsync(Records.Noon.AddMinutes(1));
        _time.AdjustTime(Records.Noon.AddMinutes(10.5));
        _time.Advance(TimeSpan.FromMinutes(1));
        await UntilRecordedAsync(1);
        await LetComeAsync(Records.Noon.AddMinutes(12));
        await UntilRecordedAsync(2);
        await _service.StopAsync(Cancel);

        Assert.Equal(["12:11 True server", "12:12 False server"], await RecordsAsync());
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_stop_the_recording()
    {
        await _service.StartAsync(Cancel);
        await LetComeAsync(Records.Noon.AddMinutes(1));
        await UntilRecordedAsync(1);
        await _time.UntilAwaitedAsync(Records.Noon.AddMinutes(2));

        _time.AdjustTime(Records.Noon.AddMinutes(-59));
        _time.Advance(TimeSpan.FromMinutes(1));
        await LetComeAsync(Records.Noon.AddMinutes(-57));
        await UntilRecordedAsync(2);
        await _service.StopAsync(Cancel);

        Assert.Equal(["12:01 False server", "11:03 False server"], await RecordsAsync());
    }

    [Fact]
    public async Task The_service_waits_for_a_tick_beyond_the_maximum_of_a_timer()
    {
        await using var yearly = new RecordedProbe(
            _container, (await services.Azurite).ConnectionString, _time, "Healthz__Schedule=0 0 0 15 1 *");
        using var service = new RecordingService(
            yearly.Get<Recorder>(), yearly.Get<RecorderLease>(), yearly.Get<HealthzConfiguration>(), _time);
        await service.StartAsync(Cancel);

        await Deadline.UntilAsync("the day has come", () =>
        {
            // Not further: the time of the storage's answer would be over.
            if (_time.GetUtcNow().Year == 2026 || _time.GetUtcNow().Day < 15)
            {
                _time.Advance(TimeSpan.FromHours(8));
            }

            return yearly.Events("HealthzRunRecorded").Count > 0;
        });
        await service.StopAsync(Cancel);

        Assert.Equal(["HealthzRunRecorded tick=2027-01-15T00:00:00Z records=1 late=false"],
            yearly.Events("HealthzRunRecorded").Select(message => message.Split(" calls=")[0]));
    }

    [Fact]
    public async Task Without_the_lease_the_service_records_nothing()
    {
        await using var other = _probe.Again((await services.Azurite).ConnectionString);
        Assert.True(await other.Get<RecorderLease>().TryHoldAsync(Cancel));
        await _service.StartAsync(Cancel);
        await LetComeAsync(Records.Noon.AddMinutes(1));
        await _time.UntilAwaitedAsync(Records.Noon.AddMinutes(2));

        await other.Get<RecorderLease>().ReleaseAsync();
        await LetComeAsync(Records.Noon.AddMinutes(2));
        await UntilRecordedAsync(1);
        Assert.False(await other.Get<RecorderLease>().TryHoldAsync(Cancel));
        await _service.StopAsync(Cancel);

        Assert.True(await other.Get<RecorderLease>().TryHoldAsync(Cancel));
        Assert.Equal(["12:02 False server"], await RecordsAsync());
    }

    [Fact]
    public async Task The_service_stops_during_a_run()
    {
        var run = new TaskCompletionSource();
        _probe.Until = run.Task;
        await _service.StartAsync(Cancel);
        await LetComeAsync(Records.Noon.AddMinutes(1));
        await Deadline.UntilAsync("the lease is held", () =>
            _container.GetBlobClient("recorder.lock").ExistsAsync(Cancel).ContinueWith(exists => exists.Result.Value));

        await _service.StopAsync(Cancel);

        Assert.False(run.Task.IsCompleted);
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task The_service_stops_while_the_storage_hangs()
    {
        await _service.StartAsync(Cancel);
        await LetComeAsync(Records.Noon.AddMinutes(1));
        await UntilRecordedAsync(1);
        _storage.Mode = FaultMode.AcceptsAndNeverAnswers;

        var stopping = _service.StopAsync(Cancel);
        await Deadline.UntilAsync("it has stopped", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return stopping.IsCompleted;
        });

        await stopping;
        Assert.InRange(_time.GetUtcNow(), Records.Noon, Records.Noon.AddMinutes(1).AddSeconds(10));
    }

    [Fact]
    public async Task Pending_records_are_written_at_the_stop()
    {
        _storage.Mode = _forbids;
        await _service.StartAsync(Cancel);
        for (var minute = 1; minute <= 2; minute++)
        {
            await LetComeAsync(Records.Noon.AddMinutes(minute));
            await Deadline.UntilAsync("the storage has refused", () => _probe.Events("HealthzRecordFailed").Count == minute);
        }

        _storage.Mode = FaultMode.Proxy;
        await _service.StopAsync(Cancel);
        await _probe.DisposeAsync();

        Assert.Equal(["12:01 False server", "12:02 False server"], await RecordsAsync());
    }

    [Fact]
    public async Task A_server_records_the_results_of_its_checks()
    {
        await using var caluma = await CreateAsync();
        await using (var server = await caluma.StartProbeAsync())
        {
            await UntilLoggedAsync(server, "HealthzRunRecorded", 2);
        }

        // On a machine that is busy a tick may be left out, or late.
        var records = await ReadAllAsync();
        Assert.All(records, record => Assert.Equal((true, "server", 5), (record.Ok, record.Source, record.Checks.Count)));
        Assert.Equal(records.Count, records.DistinctBy(record => record.Tick).Count());
        Assert.All(records, record => Assert.Equal(0, record.Tick.Second % 5));
        Assert.Contains(records, record => !record.Late);
    }

    [Fact]
    public async Task A_server_records_as_soon_as_its_storage_is_up()
    {
        _storage.Mode = FaultMode.Refused;
        await using var caluma = await CreateAsync();
        await using (var server = await caluma.StartProbeAsync())
        {
            await UntilLoggedAsync(server, "HealthzRecordFailed", 2);
            Assert.Empty((await server.ReportAsync()).Failed);
            _storage.Mode = FaultMode.Proxy;
            await UntilLoggedAsync(server, "HealthzRunRecorded", 1);
        }

        var records = await ReadAllAsync();
        Assert.InRange(records.Count, 3, int.MaxValue);
        Assert.Equal(records.Count, records.DistinctBy(record => record.Tick).Count());
    }

    [Theory]
    [InlineData("ENABLE_HEALTHZ_ENDPOINT", "false")]
    [InlineData("Healthz:History:ConnectionString", null)]
    public async Task A_server_that_is_off_or_has_no_history_records_nothing(string setting, string? value)
    {
        await using var caluma = await CreateAsync();
        caluma.Settings[setting] = value;
        caluma.Settings["Healthz:History:Container"] = value is null ? null : _container.Name;
        await using var server = await ProbeInProcess.StartAsync(caluma.Configuration(), CalumaDeployment.Key);

        Assert.DoesNotContain(server.HostedServices, service => service is RecordingService);
        Assert.Empty(_container.GetBlobs(cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_process_ends_in_time_during_a_run_with_a_storage_that_hangs()
    {
        await using var caluma = await CreateAsync();
        caluma.Settings["Healthz:Timeout"] = "00:00:50";
        caluma.Settings["Logging:Console:LogLevel:Default"] = "Information";
        await using var tableLock = await TableLock.TakeAsync(caluma.Database, "caluma_logging_accesslog");
        await using var process = await HealthzProcess.StartAsync(caluma.Settings, ["serve", "--urls", "http://127.0.0.1:0", "--no-auth"]);
        await Deadline.UntilAsync("a run waits for the lock", () => caluma.Database.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"), () =>
                $"{process.Log}");
        _storage.Mode = FaultMode.AcceptsAndNeverAnswers;

        process.Send(Signal.Terminate);
        await process.UntilEndedAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain("nhandled", $"{process.Log}", StringComparison.Ordinal);
    }

    private static Task UntilLoggedAsync(RunningProbe server, string name, int times) => Deadline.UntilAsync(
        $"{name} is logged",
        () => server.Log.GetSnapshot().Count(record => record.Id.Name == name) >= times,
        () => string.Join(Environment.NewLine, server.Log.GetSnapshot().Select(record => record.Message)));

    /// <summary>A deployment whose probe has the history of this test.</summary>
    private async Task<CalumaDeployment> CreateAsync()
    {
        var caluma = await CalumaDeployment.CreateAsync(services);
        caluma.Settings["Healthz:Schedule"] = EveryFiveSeconds;
        caluma.Settings["Healthz:History:ConnectionString"] = (await services.Azurite).ConnectionStringVia(_storage);
        caluma.Settings["Healthz:History:Container"] = _container.Name;
        return caluma;
    }

    /// <summary>Advances the clock to a moment that the service waits for.</summary>
    private async Task LetComeAsync(DateTimeOffset moment)
    {
        await _time.UntilAwaitedAsync(moment);
        _time.Advance(moment - _time.GetUtcNow());
    }

    private int Recorded() => _probe.Events("HealthzRunRecorded").Count;

    private Task UntilRecordedAsync(int times) => Deadline.UntilAsync($"{times} runs are recorded", () => Recorded() == times);

    private async Task<IReadOnlyList<string>> RecordsAsync() =>
        [.. (await ReadAllAsync()).Select(record => $"{record.Tick:HH:mm} {record.Late} {record.Source}")];

    /// <summary>The whole container, read without the probe.</summary>
    private async Task<IReadOnlyList<RunRecord>> ReadAllAsync()
    {
        await using var reader = _probe.Again((await services.Azurite).ConnectionString);
        var records = new List<RunRecord>();
        foreach (var day in _container.GetBlobs(new() { Prefix = "records/" }, Cancel)
            .Select(blob => DateOnly.ParseExact(blob.Name[8..18], "yyyy/MM/dd")))
        {
            records.AddRange(await reader.RecordsAsync(day));
        }

        return records;
    }
}
