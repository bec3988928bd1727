using System.Globalization;
using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>
/// The cases of <see cref="KilledRecorderTests"/> one by one: a recorder ends at each of its requests to the storage, before or after the
/// storage has executed it, and another recorder continues.
/// </summary>
public sealed class KilledInAnyRequestTests
{
    /// <summary>More requests than a recorder sends for its first two ticks.</summary>
    private const int Requests = 14;

    private const string Log = "records/2026/11/22.jsonl";

    private readonly MemoryHistoryStorage _storage = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(Records.Day, TimeOnly.MinValue, TimeSpan.Zero));
    private readonly List<string> _heard = [];
    private FakeLogCollector _log = new();

    /// <summary>How many messages there were of the recorder when it was killed: what it has said since then nobody has heard.</summary>
    private int? _killedAfter;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_kill_at_any_request_loses_no_record_and_counts_each_once()
    {
        var kills = (
            from round in Enumerable.Range(0, 4)
            from fault in new[] { StorageFault.Cut, StorageFault.LoseAnswer }
            from before in Enumerable.Range(0, Requests)
            select (Before: before, Fault: fault)).ToList();
        foreach (var (before, last) in kills)
        {
            var left = before;
            _storage.Fault = _ =>
            {
                var fault = _killedAfter is not null ? StorageFault.Cut : left-- > 0 ? null : last;
                _killedAfter ??= fault is null ? null : _log.Count;
                return fault;
            };
            await RecordAsync();
            Assert.NotNull(_killedAfter);
        }

        _storage.Fault = null;
        await RecordAsync(ticks: 1);

        var acknowledged = _heard.Where(message => message.StartsWith("HealthzRunRecorded ", StringComparison.Ordinal))
            .Select(message => DateTimeOffset.Parse(message.Split(' ')[1]["tick=".Length..], CultureInfo.InvariantCulture)).ToList();
        var log = _storage.Text(Log).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, HistoryJson.Default.RunRecord)!).ToList();
        Assert.Empty(acknowledged.Except(log.Select(record => record.Tick)));
        Assert.Equal(log.Count, log.Select(record => record.Tick).Distinct().Count());
        Assert.InRange(log.Count, acknowledged.Count, acknowledged.Count + kills.Count);

        var rollup = JsonSerializer.Deserialize(_storage.Text(HistoryNames.Rollup(Records.Day)), HistoryJson.Default.DayRollup)!;
        Assert.Equal(log.Count, rollup.Hours.Sum(hour => hour.Ticks));
        Assert.Equal(
            log.Count(record => !record.Ok), rollup.Hours.Sum(hour => hour.Series.Single().Reasons.GetValueOrDefault(Reason.Timeout)));

        var (state, changes) = Judge(log);
        Assert.Equal(Json(state), Json(JsonSerializer.Deserialize(_storage.Text(TrendState.BlobName), TrendsJson.Default.TrendState)!));
        Assert.Contains(changes, change => change.StartsWith("HealthzAlertFiring ", StringComparison.Ordinal));
        Assert.Contains(changes, change => change.StartsWith("HealthzIncidentOpened ", StringComparison.Ordinal));
        Assert.Empty(changes.Except(_heard));
    }

    /// <summary>The state and announcements of a process that is never killed.</summary>
    /// <param name="log">The records.</param>
    /// <param name="options">The settings; null for those of this test.</param>
    /// <param name="after">Later records alone are announced; null for all.</param>
    internal static (TrendState State, IReadOnlyList<string> Changes) Judge(
        IReadOnlyList<RunRecord> log, HealthzOptions? options = null, DateTimeOffset? after = null)
    {
        var engine = new AlertEngine(options ?? Settings.ReadOptions($"Healthz__Schedule={RecordingLoop.Schedule}"));
        var state = new TrendState();
        var heard = new FakeLogCollector();
        var announcer = new AlertAnnouncer(new FakeLogger(heard));
        foreach (var record in log)
        {
            var changes = engine.Evaluate(state, record);
            announcer.Add(record.Tick <= after ? TrendChanges.None : changes);
        }

        announcer.Announce();
        return (state, [.. heard.GetSnapshot().Select(record => record.Message)]);
    }

    /// <summary>The state without the parts that depend on its history.</summary>
    internal static string Json(TrendState state) => JsonSerializer.Serialize(
        new TrendState
        {
            Newest = state.Newest,
            SinceGap = state.SinceGap,
            Series = state.Series,
            Open = state.Open,
            Ended = state.Ended,
            Incidents = state.Incidents,
        },
        TrendsJson.Default.TrendState);

    /// <summary>Records one tick after the other in a new recorder, until it is killed.</summary>
    /// <param name="ticks">The number of ticks, unless it is killed before.</param>
    private async Task RecordAsync(int ticks = Requests)
    {
        _killedAfter = null;
        await using var probe = RecordedProbe.StartOn(_storage, _time, $"Healthz__Schedule={RecordingLoop.Schedule}");
        _log = probe.Log;
        for (var tick = 0; tick < ticks && _killedAfter is null; tick++)
        {
            _time.Advance(RecordingLoop.Interval);

            // Five failures and five passes in turn, so that alerts are triggered and resolved all the time.
            probe.Fails = _time.GetUtcNow().Second < 25 ? Reason.Timeout : null;
            await probe.Get<Recorder>().RecordAsync(_time.GetUtcNow(), late: false, "test", Cancel);
        }

        _heard.AddRange(_log.GetSnapshot().Take(_killedAfter ?? int.MaxValue).Select(record => record.Message));
    }
}
