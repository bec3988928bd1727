using System.CommandLine;
using System.Globalization;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Spectre.Console;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>history</c>: the recorded runs.</summary>
internal static class HistoryCommand
{
    private const string Table = "table";
    private const int LineWidth = 60;

    public static Command Create(IConfiguration settings)
    {
        var from = new Option<string?>("--from") { Description = "The first moment, such as 2026-11-22T12:00:00Z or 2026-11-22; an hour before --to if not given" };
        var to = new Option<string?>("--to") { Description = "The first moment after it; now if not given" };
        var format = new Option<string>("--format") { Description = "How to print it", DefaultValueFactory = _ => Table };
        format.AcceptOnlyFromAmong([Table, .. RecordFormat.All.Select(known => $"{known}")]);
        var command = new Command("history", "Print the recorded runs of at most 31 days: 0 read, 2 invalid configuration, or a storage that is away.") { from, to, format };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return HistoryAccess.RunAsync(settings, error, async services =>
            {
                var asTable = parsed.GetValue(format) == Table;
                var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                var query = HistoryQuery.Parse(
                    parsed.GetValue(from), parsed.GetValue(to), asTable ? null : parsed.GetValue(format), TimeSpan.FromHours(1), now, out var problem);
                if (query is null)
                {
                    await error.WriteLineAsync($"--{problem}.");
                    return ExitCode.Invalid;
                }

                var reader = services.GetRequiredService<RecordReader>();
                var days = await reader.DaysAsync(query.FirstDay, query.LastDay, cancellationToken);
                var records = reader.ReadRangeAsync(days.Keys, query.From, query.To, cancellationToken);
                await (asTable ? WriteTableAsync(records, output) : query.Format.WriteAsync(records, output, cancellationToken));
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
            await output.WriteLineAsync("Nothing was recorded in this time.");
            return;
        }

        ConsoleTable.Write(output, ["TICK", "VERDICT", "MS", "FAILED"], records.Select(record => new[]
        {
            ConsoleTable.Cell(record.Tick.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
            record.Ok ? ConsoleTable.Cell("ok", Color.Green) : ConsoleTable.Cell(record.Maintenance ? "maintenance" : "failed", Color.Red),
            ConsoleTable.Cell(record.DurationMs.ToString("0.0", CultureInfo.InvariantCulture)),
            ConsoleTable.Cell(string.Join("; ", record.Checks.Where(check => !check.Ok).Select(check => $"{check.Check.Key()} {check.Target}: {check.Reason?.Code()}"))),
        }));
        await output.WriteLineAsync();
        var bySeries = records.SelectMany(record => record.Checks.Select(check => (record.Maintenance, Check: check))).GroupBy(run => run.Check.Series);
        ConsoleTable.Write(output, ["CHECK", "TARGET", "MS"], bySeries
            .OrderBy(series => series.Key.Check).ThenBy(series => series.Key.Target, StringComparer.Ordinal)
            .Select(series => new[]
            {
                ConsoleTable.Cell(series.Key.Check.Key()),
                ConsoleTable.Cell(series.Key.Target),
                ConsoleTable.Cell(Line([.. series.Select(run => (!run.Check.Ok && !run.Maintenance, run.Maintenance, run.Check.Ok && !run.Maintenance ? run.Check.Ms : (double?)null))])),
            }));
        await output.WriteLineAsync($"MS from the oldest to the newest: {Sparkline.Legend}. Times are UTC.");
    }

    /// <summary>No wider than a terminal: where there are more runs, the worst of several stands for them.</summary>
    private static string Line(List<(bool Failed, bool Excluded, double? Ms)> runs) => Sparkline.Of(
    [
        .. runs.Chunk(((runs.Count - 1) / LineWidth) + 1).Select(chunk =>
            (chunk.Any(run => run.Failed), chunk.All(run => run.Excluded), chunk.Max(run => run.Ms))),
    ]);
}
