using System.Globalization;
using System.Text.Json;
using Caluma.Healthz.Checks;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
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

    private static readonly string[] _settings =
        ["Healthz__Checks=databases", "Healthz__History__ConnectionString=UseDevelopmentStorage=true",
            $"Healthz__Schedule={RecordingLoop.Schedule}"];

    private readonly MemoryHistoryStorage _storage = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(Records.Day, TimeOnly.MinValue, TimeSpan.Zero));
    private readonly List<string> _heard = [];

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
            var (left, killed) = (before, false);
            _storage.Fault = _ =>
            {
                var fault = killed ? StorageFault.Cut : left-- > 0 ? null : last;
                killed |= fault is not null;
                return fault;
            };
            await RecordAsync(() => killed);
            Assert.True(killed);
        }

        _storage.Fault = null;
        await RecordAsync(() => false, ticks: 1);

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
    internal static (TrendState State, IReadOnlyList<string> Changes) Judge(IReadOnlyList<RunRecord> log)
    {
        var engine = new AlertEngine(Settings.ReadOptions($"Healthz__Schedule={RecordingLoop.Schedule}"));
        var state = new TrendState();
        var heard = new FakeLogCollector();
        var announcer = new AlertAnnouncer(new FakeLogger(heard));
        foreach (var record in log)
        {
            announcer.Add(engine.Take(state, record));
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

    /// <summary>Records one tick after the other in a new recorder.</summary>
    /// <param name="isKilled">Whether it was killed. Its later announcements do not count.</param>
    /// <param name="ticks">The number of ticks, unless it is killed before.</param>
    private async Task RecordAsync(Func<bool> isKilled, int ticks = Requests)
    {
        using var log = new FakeLoggerProvider(FakeLogCollector.Create(new FakeLogCollectorOptions
        {
            OutputFormatter = record => record.Message,
            OutputSink = message => _heard.AddRange(isKilled() ? [] : [message]),
        }));
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log))
            .AddSingleton<TimeProvider>(_time)
            .AddHealthz(Settings.Read(_settings))
            .Replace(ServiceDescriptor.Singleton<IRunner>(new Runner(_time)))
            .Replace(ServiceDescriptor.Singleton<IHistoryStorage>(_storage))
            .BuildServiceProvider();
        var recorder = services.GetRequiredService<Recorder>();
        for (var tick = 0; tick < ticks && !isKilled(); tick++)
        {
            _time.Advance(RecordingLoop.Interval);
            await recorder.RecordAsync(_time.GetUtcNow(), late: false, "test", Cancel);
        }
    }

    /// <summary>Five failures and five passes in turn, so that alerts are triggered and resolved all the time.</summary>
    private sealed class Runner(TimeProvider time) : IRunner
    {
        public Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken)
        {
            var now = time.GetUtcNow();
            var result = new CheckResult(Check.Databases, "default", RecordingLoop.Interval, now.Second < 25 ? Reason.Timeout : null);
            return Task.FromResult(new RunReport(checks, [result], now, RecordingLoop.Interval));
        }

        public RunReport Unanswered(CheckSet checks, TimeSpan waited) => throw new NotSupportedException();
    }
}
