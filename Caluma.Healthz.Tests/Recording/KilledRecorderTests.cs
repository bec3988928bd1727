using System.Text.Json;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>
/// A real process that is killed at random moments, a few times. <see cref="KilledInAnyRequestTests"/> covers each request to the storage,
/// 112 times: between two requests the storage cannot tell when a process ended.
/// </summary>
[Slow(IsLong = true)]
public sealed class KilledRecorderTests(Services services)
{
    private const int Kills = 10;

    /// <summary>
    /// A tick takes some 10 ms. The process is killed up to this time after the end of one, so anywhere in the next
    /// ones.
    /// </summary>
    private const double MaxDelay = 25;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recorder_that_is_killed_again_and_again_loses_no_record_and_counts_each_once()
    {
        var azurite = await services.Azurite;
        var container = await services.CreateContainerAsync();
        var acknowledged = new List<DateTimeOffset>();
        var announced = new HashSet<string>();
        var next = new DateTimeOffset(Records.Day, TimeOnly.MinValue, TimeSpan.Zero);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var process = RecordingProcess.Start(
                next, [$"Healthz__History__ConnectionString={azurite.ConnectionString}", $"Healthz__History__Container={container.Name}"]);
            await process.UntilRecordedAsync(Random.Shared.Next(6));

            // Waits for no condition, but for a random moment.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * MaxDelay), Cancel);
            await process.KillAsync();

            var ticks = process.Acknowledged();
            acknowledged.AddRange(ticks);
            announced.UnionWith($"{process.Log}".Split('\n').Where(line =>
                line.StartsWith("HealthzAlert", StringComparison.Ordinal) || line.StartsWith("HealthzIncident", StringComparison.Ordinal)));

            // The tick of the kill may be recorded, too; no other process records it.
            next = (ticks.Count > 0 ? ticks[^1] : next) + (2 * RecordingLoop.Interval);
        }

        await using var probe = new RecordedProbe(
            container, azurite.ConnectionString, new FakeTimeProvider(next), $"Healthz__Schedule={RecordingLoop.Schedule}");
        await probe.Get<Recorder>().RecordAsync(next, late: false, "test", Cancel);

        var log = await LogAsync(probe);
        Assert.Empty(acknowledged.Except(log.Select(record => record.Tick)));
        Assert.Equal(log.Count, log.Select(record => record.Tick).Distinct().Count());
        Assert.InRange(log.Count, acknowledged.Count + 1, acknowledged.Count + Kills + 1);
        Assert.Equal(log.Select(record => record.Tick), (await probe.RecordsAsync(Records.Day)).Select(record => record.Tick));
        Assert.Empty(probe.Events("HealthzRecordsUnreadable", "HealthzRecordFailed", "HealthzRollupRebuilt"));

        var rollup = await probe.RollupAsync(Records.Day);
        Assert.Equal(log.Count, rollup.Hours.Sum(hour => hour.Ticks));
        Assert.Equal(
            log.Count(record => !record.Ok), rollup.Hours.Sum(hour => hour.Series.Single().Reasons.GetValueOrDefault(Reason.Timeout)));

        var (state, changes) = KilledInAnyRequestTests.Judge(log);
        Assert.Equal(KilledInAnyRequestTests.Json(state), KilledInAnyRequestTests.Json(await probe.StateAsync()));
        Assert.NotEmpty(changes);
        Assert.Empty(changes.Except(announced.Concat(probe.Announcements())));
        TestContext.Current.SendDiagnosticMessage(
            $"{acknowledged.Count} acknowledged, {log.Count - acknowledged.Count - 1} recorded and not acknowledged, {changes.Count} "
                + "alerts and ends of alerts");
    }

    /// <summary>Every line of the log, including duplicates.</summary>
    private static async Task<IReadOnlyList<RunRecord>> LogAsync(RecordedProbe probe)
    {
        Assert.False(await probe.Container.GetBlobBaseClient("records/2026/11/22.1.jsonl").ExistsAsync(Cancel));
        var lines = (await probe.ReadAsync("records/2026/11/22.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonSerializer.Deserialize(line, HistoryJson.Default.RunRecord)!)];
    }
}
