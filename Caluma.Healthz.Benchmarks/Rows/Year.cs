using Azure;
using Caluma.Healthz.Benchmarks.Alerts;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>
/// Writes a year of a schedule as a recorder leaves it: the rollups of its days, the summaries, the state. Of the log of a day there is but
/// one record: a trend looks at what there is of it, and never reads it.
/// </summary>
internal static class Year
{
    private const int Days = 400;

    /// <summary>As far back as the state of the rules looks.</summary>
    private const int DaysOfState = 30;

    /// <param name="settings">Of the process that reads it.</param>
    public static async Task WriteAsync(IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = HealthzConfiguration.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting =>
                KeyValuePair.Create(setting.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), setting.Value)))
            .Build());
        if (configuration.Problems.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, configuration.Problems));
        }

        var options = configuration.Options;
        await using var services = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();
        var (storage, documents) = (services.GetRequiredService<IHistoryStorage>(), services.GetRequiredService<DocumentStore>());
        var now = DateTimeOffset.UtcNow;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var position = default(LogPosition);
        await Parallel.ForAsync(0, Days, async (ago, cancellation) =>
        {
            var day = today.AddDays(-ago);
            var (rollup, last) = (new DayRollup { Day = day }, default(RunRecord));
            foreach (var record in Records(options, day, now))
            {
                rollup.Fold(record, options.Schedule);
                last = record;
            }

            if (last is null)
            {
                return;
            }

            rollup.Position = (await new RecordLog(storage).AppendAsync([last], cancellation)).End;
            position = ago == 0 ? rollup.Position : position;
            await documents.WriteAsync(HistoryNames.Rollup(day), rollup, HistoryJson.Default.DayRollup, ETag.All, cancellation);
        });

        await WriteStateAsync(options, documents, now, position);
        var summaries = new SummaryUpdater(documents);
        summaries.Begin();
        await summaries.UpdateAsync(today, CancellationToken.None);
    }

    private static async Task WriteStateAsync(HealthzOptions options, DocumentStore documents, DateTimeOffset now, LogPosition position)
    {
        var (engine, state, newest) = (new AlertEngine(options), new TrendState { Sequence = 1 }, default(RunRecord));
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        foreach (var record in Enumerable.Range(-DaysOfState, DaysOfState + 1).SelectMany(day => Records(options, today.AddDays(day), now)))
        {
            engine.Evaluate(state, record);
            newest = record;
        }

        state.Position = position;
        await documents.WriteAsync(TrendState.BlobName, state, TrendsJson.Default.TrendState, ETag.All, CancellationToken.None);
        await documents.WriteAsync(
            LatestRun.BlobName, LatestRun.Of(newest!, state), TrendsJson.Default.LatestRun, ETag.All, CancellationToken.None);
    }

    /// <summary>The runs of a day, up to now: latencies scatter as on a network, and one in a thousand fails.</summary>
    private static IEnumerable<RunRecord> Records(HealthzOptions options, DateOnly day, DateTimeOffset now)
    {
        var random = new Random(day.DayNumber);
        var noise = Noise.LogNormal(0.6);
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var end = start.AddDays(1) < now ? start.AddDays(1) : now;
        for (var tick = options.Schedule.Next(start.AddTicks(-1)); tick < end; tick = options.Schedule.Next(tick))
        {
            yield return Profile.Run(tick, maintenance: false,
            [
                .. Enum.GetValues<Check>().Select(check => random.Next(1000) == 0
                    ? new CheckRecord(check, "default", Ok: false, 2, Reason.Connect)
                    : new CheckRecord(check, "default", Ok: true, Math.Round(8 * noise(random), 2))),
            ]);
        }
    }
}
