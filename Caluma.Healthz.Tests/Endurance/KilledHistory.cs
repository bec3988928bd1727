using System.Text;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>What must hold for a history, and for the servers, after the front door that recorded was killed many times.</summary>
internal sealed class KilledHistory(CalumaDeployment caluma, IReadOnlyList<DateTimeOffset> acknowledged, int kills)
{
    private readonly List<string> _wrong = [];

    /// <summary>The records of kills that came after the append and before the acknowledgement.</summary>
    public int Unacknowledged { get; private set; }

    /// <summary>The lines of the log that are no record.</summary>
    public int Torn { get; private set; }

    /// <returns>What does not hold.</returns>
    public async Task<IReadOnlyList<string>> FindWrongAsync()
    {
        await using var probe = Probe(TimeProvider.System);
        await FindWrongRecordsAsync(probe);
        await FindLeftoversAsync(probe);
        return _wrong;
    }

    private async Task FindWrongRecordsAsync(ServiceProvider probe)
    {
        var (storage, reader) = (probe.GetRequiredService<IHistoryStorage>(), probe.GetRequiredService<RecordReader>());
        var days = (await reader.DaysAsync(DateOnly.MinValue.AddYears(2000), DateOnly.MaxValue, CancellationToken.None)).Keys.ToList();
        var all = new List<RunRecord>();
        foreach (var day in days)
        {
            var records = await reader.ReadDayAsync(day, CancellationToken.None).ToListAsync();
            all.AddRange(records);
            await using var log = await storage.OpenAsync(HistoryNames.Log(day, 0), 0, null, CancellationToken.None);
            using var text = new StreamReader(log!);
            Torn += (await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Count(line => RecordLine.Read(Encoding.UTF8.GetBytes(line), out var isIntact) is null || !isIntact);
            var rollup = (await probe.GetRequiredService<DocumentStore>().ReadAsync(
                HistoryNames.Rollup(day), HistoryJson.Default.DayRollup, CancellationToken.None, [])).Value;
            Require(rollup?.Hours.Sum(hour => hour.Ticks) == records.Count, $"the rollup of {day:yyyy-MM-dd} differs from its log");
        }

        var ticks = all.Select(record => record.Tick).ToList();
        Require(!acknowledged.Except(ticks).Any(), "acknowledged records are not in the log");
        Require(ticks.Distinct().Count() == ticks.Count, "a tick is in the log twice");
        Require(acknowledged.Distinct().Count() == acknowledged.Count, "a tick was acknowledged twice");
        Unacknowledged = ticks.Except(acknowledged).Count();

        // Each kill, and the stop, may come after the append and before the acknowledgement.
        Require(Unacknowledged <= kills + 1, "the log has more records than runs");
        var state = (await probe.GetRequiredService<DocumentStore>().ReadAsync(
            TrendState.BlobName, TrendsJson.Default.TrendState, CancellationToken.None, [])).Value;
        Require(state?.Newest == ticks.Max(), "the state of the alerts cannot be read, or is behind the log");
        Require(state?.Series.Count >= 5, "the state of the alerts lacks a series");
    }

    private async Task FindLeftoversAsync(ServiceProvider probe)
    {
        var storage = probe.GetRequiredService<IHistoryStorage>();
        var names = await storage.ListAsync("", CancellationToken.None).Select(item => item.Name).ToListAsync();
        string[] known =
        [
            HistoryNames.Records, HistoryNames.Rollups, HistoryNames.Summaries, TrendState.BlobName, LatestRun.BlobName, "recorder.lock",
        ];
        names.AddRange(caluma.Settings.GetValueOrDefault("Healthz:History:Folder") is { } folder
            ? Directory.EnumerateFiles(folder, $"*{HistoryFile.Unfinished}", SearchOption.AllDirectories) : []);
        Require(names.All(name => known.Any(start => name.StartsWith(start, StringComparison.Ordinal))
            && !name.EndsWith(HistoryFile.Unfinished, StringComparison.Ordinal)), $"files are left: {string.Join(", ", names)}");
        Require(await probe.GetRequiredService<RecorderLease>().TryHoldAsync(CancellationToken.None), "the lease is held after the end");
        await probe.GetRequiredService<RecorderLease>().ReleaseAsync();

        await Deadline.UntilAsync(
            "no session is left in PostgreSQL", async () => await caluma.Database.CountConnectionsAsync("caluma-healthz") == 0);
        Require(
            await caluma.Database.ScalarAsync<long>("SELECT count(*) FROM caluma_logging_accesslog") == 0, "rows are left in the database");
        Require((await caluma.Cache.SecondsLeftAsync()).All(seconds => seconds is >= 0 and <= 60), "a key without an end is left");

        // The objects of killed runs are deleted by the first run that finds them old.
        var clock = new EnduranceClock(DateTimeOffset.UtcNow.AddHours(2));
        await using var later = Probe(clock);
        await later.GetRequiredService<IRunner>().RunAsync(CheckSet.All, CancellationToken.None);
        Require(await caluma.Container.GetBlobsAsync().CountAsync() == 0, "objects are left in the media storage");
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            _wrong.Add(otherwise);
        }
    }

    private ServiceProvider Probe(TimeProvider time) => new ServiceCollection().AddLogging().AddSingleton(time)
        .AddHealthz(HealthzConfiguration.Read(caluma.Configuration())).BuildServiceProvider();
}
