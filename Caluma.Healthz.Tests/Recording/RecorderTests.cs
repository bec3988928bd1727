using System.Text.RegularExpressions;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Tests.Recording;

[Slow]
public sealed partial class RecorderTests(Services services)
{
    private const string Log = "records/2026/11/22.jsonl";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_becomes_a_line_of_the_log()
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(services);
        probe.Takes = TimeSpan.FromMilliseconds(3.2);
        await probe.TickAsync();
        (probe.Takes, probe.Fails) = (TimeSpan.FromSeconds(5), Reason.Timeout);
        probe.Time.Advance(TimeSpan.FromSeconds(60.25));

        await probe.Get<Recorder>().RecordAsync(late: true, "timer", Cancel);

        var log = await probe.ReadAsync(Log);
        Assert.Equal(
            """{"v":1,"tick":"2026-11-22T12:01:00Z","started":"2026-11-22T12:01:00Z","durationMs":3.2"""
            + ""","ok":true,"late":false,"maintenance":false"""
            + ""","source":"test","instance":"*","checks":[{"check":"databases","target":"default","ok":true,"ms":3.2}]}"""
            + "\n"
            + """{"v":1,"tick":"2026-11-22T12:02:00Z","started":"2026-11-22T12:02:00.25Z","durationMs":5000"""
            + ""","ok":false,"late":true,"maintenance":false"""
            + ""","source":"timer","instance":"*","checks":["""
            + """{"check":"databases","target":"default","ok":false,"ms":5000,"reason":"timeout"}]}"""
            + "\n",
            Instance().Replace(log, "\"instance\":\"*\""));
        Assert.Single(Instance().Matches(log).Select(match => match.Value).Distinct());
        Assert.Equal("application/octet-stream",
            (await probe.Container.GetBlobClient(Log).GetPropertiesAsync(cancellationToken: Cancel)).Value.ContentType);
    }

    [Fact]
    public async Task A_starved_run_is_not_recorded()
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(services);
        probe.Starves = true;
        await probe.TickAsync(5);
        probe.Starves = false;
        await probe.TickAsync();

        var record = Assert.Single(await probe.RecordsAsync(Records.Day));
        Assert.True(record.Ok);
        Assert.DoesNotContain((await probe.LatestAsync()).Alerts, alert => alert.Rule == AlertRule.Unavailable);
    }

    [Fact]
    public async Task The_latest_run_the_rollup_and_the_state_are_written_with_the_record()
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(services);
        await probe.TickAsync(58);
        probe.Fails = Reason.Auth;
        await probe.TickAsync(4);

        var records = await probe.RecordsAsync(Records.Day);
        var latest = await probe.LatestAsync();
        Assert.Equivalent(records[^1], latest.Record, strict: true);
        var alert = Assert.Single(latest.Alerts, alert => alert.Rule == AlertRule.Unavailable);
        Assert.Equal((Records.Noon.AddMinutes(59), Records.Noon.AddMinutes(61)), (alert.Since, alert.Triggered));

        var rollup = await probe.RollupAsync(Records.Day);
        Assert.Equal([(12, 59, 60), (13, 3, 60)], rollup.Hours.Select(hour => (hour.Hour, hour.Ticks, hour.Expected)));
        Assert.Equal([(59, 58, 0), (3, 0, 0)], rollup.Hours.Select(hour => Assert.Single(hour.Series))
            .Select(series => (series.Runs, series.Ok, series.Excluded)));
        Assert.Equal([(Reason.Auth, 3)], rollup.Hours[1].Series[0].Reasons.Select(reason => (reason.Key, reason.Value)));
        Assert.InRange(rollup.Hours[0].Series[0].Latency.Quantile(0.5)!.Value, 2.97, 3.03);

        var state = await probe.StateAsync();
        Assert.Equal(records[^1].Tick, state.Newest);
        Assert.Equal(4, Assert.Single(state.Series).Streak);
        Assert.Equal(latest.Alerts, state.Open);
        Assert.Equal(latest.Sequence, state.Sequence);

        var length = (await probe.ReadAsync(Log)).Length;
        Assert.Equal(new LogPosition(Records.Day, 0, length), state.Position);
        Assert.Equal((0, length), (rollup.Part, rollup.Offset));
    }

    [Fact]
    public async Task A_timer_that_fires_a_little_early_records_the_tick_that_it_fires_for()
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(services);
        probe.Time.Advance(TimeSpan.FromSeconds(59.6));
        await probe.RecordAsync();
        probe.Time.Advance(TimeSpan.FromSeconds(60));
        await probe.RecordAsync();

        Assert.Equal(["12:01", "12:02"], await probe.TicksAsync(Records.Day));
    }

    [Fact]
    public async Task A_tick_is_recorded_once()
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(services);
        probe.PassTime();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => probe.RecordAsync()));
        probe.Time.Advance(TimeSpan.FromSeconds(30));
        await probe.RecordAsync();

        Assert.Equal(["12:01"], await probe.TicksAsync(Records.Day));
        Assert.Single(probe.Events("HealthzRunRecorded"));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(1)]
    public async Task A_clock_that_jumps_back_loses_no_record(int minutes)
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(services);
        await probe.TickAsync(90);
        probe.Time.AdjustTime(probe.Time.GetUtcNow() - TimeSpan.FromMinutes(minutes));
        probe.Fails = Reason.Timeout;
        await probe.RecordAsync();
        await probe.TickAsync(89);
        await using (var again = probe.Again())
        {
            await again.TickAsync();
        }

        var expected = Enumerable.Range(1, 90).Concat(Enumerable.Range(90 - minutes, 91)).Select(minute => Records.Noon.AddMinutes(minute));
        var records = await probe.RecordsAsync(Records.Day);
        Assert.Equal(expected, records.Select(record => record.Tick));
        Assert.Equal(181, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(181, probe.Events("HealthzRunRecorded").Count + 1);
        Assert.Equal(91, Assert.Single((await probe.StateAsync()).Series).Streak);
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.Equal(3, records.Select(record => record.Instance).Distinct().Count());
    }

    [Fact]
    public async Task Runs_during_maintenance_are_recorded_and_do_not_count()
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(
            services, "Healthz__Maintenance__1=2026-11-22T12:02Z/2026-11-22T12:06Z");
        await probe.TickAsync();
        probe.Fails = Reason.Connect;
        await probe.TickAsync(4);
        probe.Fails = null;
        await probe.TickAsync();

        Assert.Equal([false, true, true, true, true, false], (await probe.RecordsAsync(Records.Day)).Select(record => record.Maintenance));
        var hour = Assert.Single((await probe.RollupAsync(Records.Day)).Hours);
        Assert.Equal((6, 2, 4), (hour.Ticks, hour.Series[0].Runs, hour.Series[0].Excluded));
        Assert.Empty(probe.Alerts());
    }

    [Fact]
    public async Task A_run_that_is_cancelled_is_not_recorded()
    {
        await using var probe = await RecordedOnAzurite.StartNewAsync(services);
        var run = new TaskCompletionSource();
        probe.Until = run.Task;
        using var stop = new CancellationTokenSource();
        probe.PassTime();

        var recording = probe.Get<Recorder>().RecordAsync(late: false, "test", stop.Token);
        Assert.False(recording.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recording);
        probe.Until = Task.CompletedTask;
        await probe.TickAsync();
        Assert.Equal(["12:02"], await probe.TicksAsync(Records.Day));
    }

    [Theory]
    [InlineData("ENABLE_HEALTHZ_ENDPOINT=false")]
    [InlineData("Healthz__Slo=101")]
    public async Task Nothing_is_recorded_with_the_endpoint_off_or_an_invalid_configuration(string setting)
    {
        var container = await services.CreateContainerAsync();
        var configuration = Settings.Read(
            $"Healthz__History__ConnectionString={(await services.Azurite).ConnectionString}",
            $"Healthz__History__Container={container.Name}", setting);
        await using var provider = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();

        await provider.GetRequiredService<Recorder>().RecordAsync(late: false, "test", Cancel);

        Assert.Null(provider.GetService<RecorderLease>());
        Assert.Empty(container.GetBlobs(cancellationToken: Cancel));
    }

    [Fact]
    public async Task Without_a_history_checks_run_and_are_not_recorded()
    {
        // The state has the tick, for the events that the alert rules key on.
        var configuration = Settings.Read("Healthz__Checks=caches");
        await using var provider = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();

        await provider.GetRequiredService<Recorder>().RecordAsync(late: false, "test", Cancel);

        Assert.Null(configuration.Options.History);
        Assert.Null(provider.GetService<RecorderLease>());
    }

    [Fact]
    public async Task The_history_is_opened_with_the_identity_of_the_process()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var azurite = await AzuriteServer.StartNewAsync(
            new AzuriteOptions { Certificate = certificate, Arguments = ["--oauth", "basic"] });
        using var folder = new ServerFolder("certificate");
        SelfSignedCertificate.Write(certificate, folder.PathOf("server.crt"), folder.PathOf("server.key"));

        // In a process of its own, so that only this process trusts the certificate.
        await using var process = RecordingProcess.Start(
            Records.Noon, [$"Healthz__History__ServiceUri={azurite.ServiceUri}", $"SSL_CERT_FILE={folder.PathOf("server.crt")}"], ticks: 2);
        await process.UntilEndedAsync();

        Assert.Equal([Records.Noon, Records.Noon.AddSeconds(5)], process.Acknowledged());
        Assert.Contains("token scope=https://storage.azure.com/.default", $"{process.Log}", StringComparison.Ordinal);
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == certificate.Thumbprint,
        };
        using var transport = new HttpClientTransport(handler);
        var log = new BlobClient(azurite.ConnectionString, "healthz", Log, new BlobClientOptions { Transport = transport });
        Assert.Equal(2, (await log.DownloadContentAsync(Cancel)).Value.Content.ToString().Count(character => character == '\n'));
    }

    [GeneratedRegex("\"instance\":\"[^\"]+-[0-9a-f]{6}\"")]
    private static partial Regex Instance();
}
