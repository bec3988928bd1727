using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>The history that <c>./dev endure</c> records: a run a minute of virtual time.</summary>
internal sealed class EnduranceHistory(BlobContainerClient container, IServiceProvider probe, DateTimeOffset start, int runs)
{
    /// <summary>Fewer than a third of the days of 100,000 runs, so that old logs are deleted in most of them.</summary>
    public const int RetentionDays = 14;

    private const double Kb = 1024;
    private const string Incidents = "incidents";
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    private readonly BitArray _acknowledged = new(runs + 1);
    private (int Runs, long Calls) _last;

    /// <summary>The runs after which the documents of the history are full: the rules remember no more than that.</summary>
    public static int RunsToFill { get; } = (int)(SeriesState.Kept / _interval);

    /// <summary>The moment of a run.</summary>
    public DateTimeOffset TickOf(int run) => start + (run * _interval);

    /// <summary>Notes that a run was recorded, or kept to be.</summary>
    public void Acknowledge(int run) => _acknowledged[run] = true;

    public async Task<StoredSample> SampleAsync(int run)
    {
        var blobs = await container.GetBlobsAsync().ToDictionaryAsync(blob => blob.Name, blob => blob.Properties.ContentLength ?? 0);
        var days = Days(run).ToList();
        var kept = days.TakeLast(RetentionDays + 1).ToList();
        var logs = blobs.Where(blob => blob.Key.StartsWith(HistoryNames.Records, StringComparison.Ordinal)).Sum(blob => blob.Value);
        string[] expected =
        [
            .. kept.Select(day => HistoryNames.Log(day, 0)),
            .. days.Select(HistoryNames.Rollup),
            .. days.Select(day => HistoryNames.Summary(new DateOnly(day.Year, day.Month, 1))),
            HistoryNames.RecentSummary, TrendState.BlobName, LatestRun.BlobName, "recorder.lock",
        ];
        var calls = probe.GetRequiredService<IHistoryStorage>().Calls;
        var (state, incidents) = await MeasureAsync(TrendState.BlobName);
        var sample = new StoredSample(
            blobs.Keys.Except(expected).LongCount(),
            logs / (double)kept.Sum(day => RunsOf(day, run).Count()),
            state,
            (await MeasureAsync(LatestRun.BlobName)).Kb,
            KbOf(HistoryNames.Rollup(days[Math.Max(0, days.Count - 2)])),
            KbOf(HistoryNames.RecentSummary),
            (calls - _last.Calls) / (double)(run - _last.Runs),
            incidents);
        _last = (run, calls);
        return sample;

        double KbOf(string name) => blobs.GetValueOrDefault(name) / Kb;
    }

    /// <summary>What the history lacks of the runs that were acknowledged, or has beyond them.</summary>
    /// <param name="last">The last run.</param>
    public async Task<IReadOnlyList<string>> FindWrongAsync(int last)
    {
        var (wrong, twice) = (new List<string>(), 0);
        var days = Days(last).ToList();
        foreach (var day in days.TakeLast(RetentionDays + 1))
        {
            var expected = AcknowledgedOf(day, last);
            var ticks = await probe.GetRequiredService<RecordReader>().ReadDayAsync(day, CancellationToken.None)
                .Select(record => record.Tick).ToListAsync();
            Report(day, "are not in the log", expected.Except(ticks).Count());
            Report(day, "are in the log and were not acknowledged", ticks.Except(expected).Count());
            Report(day, "are in the log again", ticks.Count - ticks.Distinct().Count());
            var lines = await probe.GetRequiredService<RecordReader>()
                .ReadRestOfDayAsync(LogPosition.StartOf(day), CancellationToken.None).CountAsync();
            twice += lines - ticks.Count;
        }

        foreach (var day in days)
        {
            var rollup = await probe.GetRequiredService<DocumentStore>().ReadAsync(
                HistoryNames.Rollup(day), HistoryJson.Default.DayRollup, CancellationToken.None, []);
            var (counted, expected) = (rollup.Value?.Hours.Sum(hour => hour.Ticks) ?? 0, AcknowledgedOf(day, last).Count);
            Report(day, "are not in the rollup", expected - counted);
            Report(day, "are in the rollup beyond those that were acknowledged", counted - expected);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_acknowledged.Cast<bool>().Count(one => one)} records in {days.Count} days; {twice} of those kept have two lines."));
        return wrong;

        void Report(DateOnly day, string what, int count)
        {
            if (count > 0)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}: {count} runs {what}"));
            }
        }
    }

    /// <summary>The size of a document without its incidents, and their number.</summary>
    private async Task<(double Kb, int Incidents)> MeasureAsync(string name)
    {
        var content = await container.GetBlobClient(name).DownloadContentAsync();
        var document = JsonNode.Parse(content.Value.Content)!.AsObject();
        var incidents = document[Incidents]?.AsArray().Count ?? 0;
        document.Remove(Incidents);
        return (document.ToJsonString().Length / Kb, incidents);
    }

    private IEnumerable<DateOnly> Days(int last)
    {
        for (var day = DayOf(1); day <= DayOf(last); day = day.AddDays(1))
        {
            yield return day;
        }
    }

    private List<DateTimeOffset> AcknowledgedOf(DateOnly day, int last) =>
        [.. RunsOf(day, last).Where(run => _acknowledged[run]).Select(TickOf)];

    private IEnumerable<int> RunsOf(DateOnly day, int last)
    {
        var first = (int)((new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) - start) / _interval);
        var next = first + (int)(TimeSpan.FromDays(1) / _interval);
        for (var run = Math.Max(1, first); run < next && run <= last; run++)
        {
            yield return run;
        }
    }

    private DateOnly DayOf(int run) => DateOnly.FromDateTime(TickOf(run).UtcDateTime);
}
