using System.CommandLine;
using System.Globalization;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>history</c>: prints the recorded runs.</summary>
internal static class HistoryCommand
{
    private const string Table = "table";
    private const int MaxLineWidth = 60;
    private const int MinLineWidth = 10;

    /// <summary>The width from which times have their year and seconds.</summary>
    private const int WideFrom = 80;

    /// <summary>The space between and after three columns.</summary>
    private const int Padding = 6;

    public static Command Create(IConfiguration settings)
    {
        var from = new Option<string?>("--from")
        {
            Description =
                "The first moment, such as 2026-11-22T12:00:00Z or 2026-11-22, or how long ago, such as 2h; an hour before --to if "
                    + "not given",
        };
        var to = new Option<string?>("--to") { Description = "The first moment after it, likewise; now if not given" };
        var checks = CommandOptions.Checks("Show only this check");
        var targets = new Option<string[]>("--target") { Description = "Show only this target; repeatable" };
        var failed = new Option<bool>("--failed") { Description = "Show only the runs in which something failed" };
        var format = CommandOptions.OneOf("--format", "The output format", [Table, .. RecordFormat.All.Select(known => $"{known}")]);
        var command = new Command("history", "Print the recorded runs of at most 31 days.") { from, to, checks, targets, failed, format };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return HistoryAccess.RunAsync(settings, error, needsTargets: false, async services =>
            {
                var asTable = parsed.GetValue(format) == Table;
                var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                var query = HistoryQuery.Parse(
                    parsed.GetValue(from), parsed.GetValue(to), asTable ? null : parsed.GetValue(format),
                    TimeSpan.FromHours(1), now, out var problem);
                if (query is null)
                {
                    await error.WriteLineAsync($"--{problem}. See caluma-healthz history --help.");
                    return ExitCode.Invalid;
                }

                var filter = new RecordFilter(
                    CheckSet.Named(parsed.GetValue(checks) ?? []), parsed.GetValue(targets) ?? [], parsed.GetValue(failed));
                var reader = services.GetRequiredService<RecordReader>();
                var days = await reader.DaysAsync(query.FirstDay, query.LastDay, cancellationToken);
                var unreadable = new SortedSet<DateOnly>();
                var records = filter.Apply(reader.ReadRangeAsync(days.Keys, query.From, query.To, cancellationToken, unreadable));
                await (asTable ? WriteTableAsync(records, output) : query.Format.WriteAsync(records, output, cancellationToken));
                if (unreadable.Count > 0)
                {
                    await error.WriteLineAsync(
                        $"Not all of these days could be read: {string.Join(", ", unreadable.Select(day => $"{day:yyyy-MM-dd}"))}.");
                    return ExitCode.Invalid;
                }

                return ExitCode.Healthy;
            }, cancellationToken);
        });
        return command;
    }

    private static async Task WriteTableAsync(IAsyncEnumerable<RunRecord> source, TextWriter output)
    {
        var records = await source.ToListAsync();
        if (records.Count == 0)
        {
            await output.WriteLineAsync("No matching runs were recorded in this period.");
            return;
        }

        var isWide = ConsoleTable.WidthOf(output) >= WideFrom;
        ConsoleTable.Write(output, GroupBySameResult(records),
        [
            new("FROM", runs => isWide ? CommandWords.Time(runs[0].Tick) : CommandWords.ShortTime(runs[0].Tick)),
            new("TO", runs => runs.Count == 1 ? "" : runs[^1].Tick.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
            new("RUNS", runs => runs.Count.ToString(CultureInfo.InvariantCulture)),
            new("VERDICT", runs => Verdict(runs[0])),
            new("MAX MS", runs => CommandWords.Milliseconds(runs.Max(run => run.DurationMs)), onlyWide: true),
            new("FAILED", runs => Failed(runs[0]), wraps: true),
        ]);
        await output.WriteLineAsync();
        var bySeries = records.SelectMany(record => record.Checks.Select(check => (record.Maintenance, Check: check)))
            .GroupBy(run => run.Check.Series);
        var rows = bySeries.OrderBy(series => series.Key.Check).ThenBy(series => series.Key.Target, StringComparer.Ordinal).ToList();
        var names = rows.Max(row => row.Key.Check.Key().Length) + Math.Max("TARGET".Length, rows.Max(row => row.Key.Target.Length));
        var width = Math.Clamp(ConsoleTable.WidthOf(output) - names - Padding, MinLineWidth, MaxLineWidth);
        ConsoleTable.Write(output, rows,
        [
            new("CHECK", series => series.Key.Check.Key()),
            new("TARGET", series => series.Key.Target, wraps: true),
            new("MS", series => SparklineOf([.. series.Select(run => PointOf(run.Maintenance, run.Check))], width)),
        ]);
        ConsoleTable.WriteLine(output, $"MS from the oldest to the newest: {Sparkline.Legend}. Times are UTC.");
    }

    /// <summary>Consecutive runs of a day with the same verdict and reasons.</summary>
    private static IEnumerable<List<RunRecord>> GroupBySameResult(List<RunRecord> records)
    {
        var runs = new List<RunRecord>();
        foreach (var record in records)
        {
            if (runs is [var first, ..]
                && (first.Ok, first.Maintenance, first.Day, Failed(first)) != (record.Ok, record.Maintenance, record.Day, Failed(record)))
            {
                yield return runs;
                runs = [];
            }

            runs.Add(record);
        }

        yield return runs;
    }

    private static IRenderable Verdict(RunRecord record) => record switch
    {
        { Maintenance: true } => ConsoleTable.Cell("maintenance", Color.Blue),
        { Ok: true } => ConsoleTable.Cell("ok", Color.Green),
        _ => ConsoleTable.Cell("failed", Color.Red),
    };

    private static string Failed(RunRecord record) =>
        string.Join(
            "; ", record.Checks.Where(check => !check.Ok).Select(check => $"{check.Check.Key()}/{check.Target}: {check.Reason?.Code()}"));

    private static (bool Failed, bool Excluded, double? Ms) PointOf(bool isMaintenance, CheckRecord check) =>
        (!check.Ok && !isMaintenance, isMaintenance, check.Ok && !isMaintenance ? check.Ms : null);

    /// <summary>As wide as a terminal at most: with more runs each character is the worst of several.</summary>
    private static string SparklineOf(List<(bool Failed, bool Excluded, double? Ms)> runs, int width) => Sparkline.Of(
    [
        .. runs.Chunk(((runs.Count - 1) / width) + 1).Select(chunk =>
            (chunk.Any(run => run.Failed), chunk.All(run => run.Excluded), chunk.Max(run => run.Ms))),
    ]);
}
