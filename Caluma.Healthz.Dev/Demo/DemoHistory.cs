using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Dev.Demo;

/// <summary>
/// Invents 90 days of history with outages, a drift, gaps and a maintenance window. A seed always gives the same history.
/// </summary>
/// <param name="options">The targets and the schedule.</param>
/// <param name="now">The end of the history.</param>
internal sealed class DemoHistory(HealthzOptions options, DateTimeOffset now)
{
    public const int Days = 90;

    private const string Source = "demo";

    private readonly Random _random = new(Seed: 42);

    /// <summary>All records, the oldest first.</summary>
    public IEnumerable<RunRecord> Records()
    {
        var start = now - TimeSpan.FromDays(Days - 1);
        for (var tick = options.Schedule.Next(start); tick < now; tick = options.Schedule.Next(tick))
        {
            var ago = now - tick;
            if (!IsIn(ago, days: 63, hours: 31) && !IsIn(ago, days: 27, hours: 5))
            {
                yield return Record(tick, ago);
            }
        }
    }

    /// <summary>Deletes the whole history, except locks: that of a recorder outlives it for up to a minute.</summary>
    public static async Task ClearAsync(IHistoryStorage storage, CancellationToken cancellationToken)
    {
        await foreach (var item in storage.ListAsync("", cancellationToken))
        {
            try
            {
                await storage.DeleteAsync(item.Name, cancellationToken);
            }
            catch (Exception exception) when (HistoryFailure.IsOfSingleItem(exception))
            {
                // The lock stays.
            }
        }
    }

    /// <summary>Writes records, at least one, as a recorder would, without announcements.</summary>
    public static async Task WriteAsync(
        IEnumerable<RunRecord> records, HealthzOptions options, IHistoryStorage storage,
        DocumentStore documents, CancellationToken cancellationToken)
    {
        var log = new RecordLog(storage);
        var engine = new AlertEngine(options);
        var state = new TrendState();
        RunRecord? newest = null;
        foreach (var pending in ByDay(records))
        {
            var day = pending[0].Day;
            var rollup = new DayRollup { Day = day };
            foreach (var record in pending)
            {
                rollup.Fold(record, options.Schedule);
                engine.Evaluate(state, record);
                newest = record;
            }

            while (pending.Count > 0)
            {
                var block = await log.AppendAsync(pending, cancellationToken);
                state.Position = rollup.Position = block.End;
                pending.RemoveRange(0, block.Records.Count);
            }

            await documents.WriteAsync(HistoryNames.Rollup(day), rollup, HistoryJson.Default.DayRollup, over: null, cancellationToken);
        }

        state.Sequence++;
        await documents.WriteAsync(TrendState.BlobName, state, TrendsJson.Default.TrendState, over: null, cancellationToken);
        await documents.WriteAsync(
            LatestRun.BlobName, LatestRun.Of(newest!, state), TrendsJson.Default.LatestRun, over: null, cancellationToken);
        var summaries = new SummaryUpdater(documents);
        summaries.Begin();
        await summaries.UpdateAsync(newest!.Day, cancellationToken);
    }

    /// <summary>A day at a time: 90 days of a 5 s schedule would not fit into memory.</summary>
    private static IEnumerable<List<RunRecord>> ByDay(IEnumerable<RunRecord> records)
    {
        var day = new List<RunRecord>();
        foreach (var record in records)
        {
            if (day is [var first, ..] && record.Day != first.Day)
            {
                yield return day;
                day = [];
            }

            day.Add(record);
        }

        if (day.Count > 0)
        {
            yield return day;
        }
    }

    private static bool IsIn(TimeSpan ago, double days, double hours) =>
        ago <= TimeSpan.FromDays(days) && ago > TimeSpan.FromDays(days) - TimeSpan.FromHours(hours);

    private RunRecord Record(DateTimeOffset tick, TimeSpan ago)
    {
        var maintenance = IsIn(ago, days: 20, hours: 2);
        var checks = CheckTargets.Of(options).Select(target => Result(target.Check, target.Target, ago, maintenance)).ToList();
        return new RunRecord(
            tick,
            tick.AddMilliseconds(_random.Next(5, 60)),
            Math.Round(checks.Select(check => check.Ms).DefaultIfEmpty().Max() + 0.4, 2),
            checks.TrueForAll(check => check.Ok),
            Late: false,
            maintenance,
            Source,
            Source,
            checks);
    }

    private CheckRecord Result(Check check, string target, TimeSpan ago, bool maintenance)
    {
        var ms = Math.Round(Milliseconds(check, ago), 2);
        return Failure(check, ago, maintenance) is { } reason
            ? new CheckRecord(check, target, Ok: false, reason == Reason.Timeout ? options.Timeout.TotalMilliseconds : ms, reason)
            : new CheckRecord(check, target, Ok: true, Math.Min(ms, options.Timeout.TotalMilliseconds - 1));
    }

    private Reason? Failure(Check check, TimeSpan ago, bool maintenance) => check switch
    {
        Check.Databases or Check.DatabaseModels or Check.DatabaseMigrations
            when maintenance || IsIn(ago, days: 41, hours: 0.8) => Reason.Connect,
        Check.DatabaseMigrations when IsIn(ago, days: 20 - (2.0 / 24), hours: 0.5) => Reason.Behind,
        Check.DatabaseModels when IsIn(ago, days: 74, hours: 1.5) => Reason.Full,
        Check.Caches when IsIn(ago, days: 12, hours: 3) => Reason.Timeout,
        Check.Caches when IsIn(ago, days: 0.1, hours: 0.15) => Reason.Connect,
        Check.MediaStorageService when IsIn(ago, days: 6, hours: 1) && ago.Minutes / 4 % 2 == 0 => Reason.Busy,
        _ when _random.Next(20_000) == 0 => Reason.Timeout,
        _ => null,
    };

    private double Milliseconds(Check check, TimeSpan ago)
    {
        var usual = check switch
        {
            Check.MediaStorageService => 38,
            Check.Caches => 1.1,
            Check.Databases => 6.5,
            Check.DatabaseMigrations => 2.4,
            _ => 4.8,
        };

        // More load by day, a long tail, and models that have become slower for nine days.
        var byHour = 1 + (0.25 * Math.Sin((now - ago).TimeOfDay.TotalHours / 24 * 2 * Math.PI));
        var tail = Math.Exp(Math.Abs(Normal()) * 0.28);
        var drift = check == Check.DatabaseModels ? Math.Max(0, 9 - ago.TotalDays) * 290 : 0;
        return (usual * byHour * tail) + (drift * (0.9 + (_random.NextDouble() * 0.2)));
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
