using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>trend</c>: prints incidents, alerts and the trend of each check.</summary>
internal static class TrendCommand
{
    private const string Table = "table";
    private const string Json = "json";
    private const int HoursShown = 24;
    private const int MaxIncidents = 5;

    /// <summary>The width of the narrow table. On a narrower terminal it has fewer columns.</summary>
    private const int NarrowWidth = 80;

    /// <summary>The widths of the columns beside the name, with their padding.</summary>
    private const int StateWidth = 20;
    private const int TimeWidth = 13;
    private const int AlertWidth = 18;
    private const int SeverityWidth = 10;
    private const int PercentWidth = 10;

    public static Command Create(IConfiguration settings)
    {
        var days = new Option<int>("--days")
        {
            Description = "How many days the list of days goes back (json)",
            DefaultValueFactory = _ => 30,
        };
        CommandOptions.RequireNumber(days, "a whole number", TrendReader.MaxDays);
        var format = CommandOptions.OneOf("--format", "The output format", Table, Json);
        var wide = new Option<bool>("--wide")
        {
            Description = "All columns: availability by windows, latency, and the last hours as a line",
        };
        var command = new Command("trend", "Show alerts, availability, error budget and latency from the history.") { days, format, wide };
        command.SetAction((parsed, cancellationToken) => HistoryAccess.RunAsync(
            settings,
            parsed.InvocationConfiguration.Error,
            needsTargets: false,
            async services =>
            {
                var report = await services.GetRequiredService<TrendReader>().ReadAsync(parsed.GetValue(days), cancellationToken);
                var output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(format) == Json)
                {
                    await output.WriteLineAsync(JsonSerializer.Serialize(report, TrendsJson.Default.TrendReport));
                }
                else
                {
                    Write(report, parsed.GetValue(wide), ConsoleTable.WidthOf(output), output);
                }

                return report.Alerts.Count == 0 ? ExitCode.Healthy : ExitCode.Unhealthy;
            },
            cancellationToken));
        return command;
    }

    /// <param name="report">The report.</param>
    /// <param name="isWide">Whether to print all columns.</param>
    /// <param name="width">The number of characters on a line.</param>
    /// <param name="output">Gets the text.</param>
    internal static void Write(TrendReport report, bool isWide, int width, TextWriter output)
    {
        if (report.Checks.Count == 0)
        {
            output.WriteLine("Nothing has been recorded yet.");
            return;
        }

        WriteAlerts(report, isWide, width, output);
        if (isWide)
        {
            WriteWide(report, output);
        }
        else
        {
            WriteNarrow(report, Math.Min(width, NarrowWidth), output);
        }

        if (report.UnreadableDays is { Count: > 0 } unreadable)
        {
            ConsoleTable.WriteLine(
                output,
                $"Not readable, and not counted: "
                    + $"{string.Join(", ", unreadable.Select(day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))}.");
        }

        output.WriteLine($"Newest record {(report.Newest is null ? "unknown" : $"{CommandWords.Time(report.Newest)} UTC")}"
            + $"{(report.Stale ? ": NOTHING SINCE" : "")}");
    }

    private static void WriteAlerts(TrendReport report, bool isWide, int width, TextWriter output)
    {
        if (report.Alerts.Count == 0)
        {
            return;
        }

        var nameWidth = Math.Min(width, NarrowWidth) - AlertWidth - SeverityWidth - TimeWidth;
        ConsoleTable.Write(output, report.Alerts,
        [
            new("ALERT", alert => ConsoleTable.Cell(
                alert.Rule.Name(), alert.Severity == Severity.Critical ? Color.Red : Color.Yellow)),
            new("SEVERITY", alert => alert.Severity.Name()),
            new("CHECK", alert => alert.Check is not { } check ? "recording"
                : isWide ? Name(report, check, alert.Target) : Shorten(Name(report, check, alert.Target), nameWidth)),
            new("SINCE", alert => isWide ? CommandWords.Time(alert.Since) : CommandWords.ShortTime(alert.Since)),
        ]);
        output.WriteLine();
        foreach (var incident in report.Incidents.Where(incident => incident.Resolved is null).Take(MaxIncidents))
        {
            ConsoleTable.WriteLine(output, Describe(report, incident));
        }

        output.WriteLine();
    }

    /// <summary>Describes an open incident: checks, reason, start and what to try.</summary>
    private static string Describe(TrendReport report, Incident incident)
    {
        var checks = incident.Checks.Members.ToList();
        var name = checks.Count == 0 || incident.System == incident.Target
            ? incident.Members is { Count: var count } ? $"{count} {incident.System}" : incident.System
            : string.Join(", ", checks.Select(check => Name(report, check, incident.Target)));
        var why = incident.Reason is { } reason ? $": {Words.Reason(reason)} ({reason.Code()})" : "";
        return $"Incident: {name}{why}, since {CommandWords.Moment(incident.Started, report.Now)}. Try: {incident.Next}";
    }

    private static void WriteNarrow(TrendReport report, int width, TextWriter output)
    {
        var isFull = width >= NarrowWidth;
        var nameWidth = width - StateWidth - PercentWidth - (isFull ? TimeWidth + PercentWidth : 0);
        ConsoleTable.Write(
            output,
            report.Checks.OrderBy(check => check.Ok is not false),
            [
                new("CHECK", check => Shorten(Name(report, check.Check, check.Target), nameWidth)),
                new("STATE", State),
                new("SINCE", check => CommandWords.ShortTime(check.Since), onlyWide: true),
                new("30D", check => Availability(report, check, "30d")),
                new("BUDGET", check => Budget(report, check), onlyWide: true),
            ],
            isFull);
        output.WriteLine();
        var budget = isFull ? $" BUDGET: what is left of the error budget of {Objective(report)}." : "";
        ConsoleTable.WriteLine(output, $"30D: passed runs of 30 days.{budget}");
        output.WriteLine("Times are UTC. More: --wide.");
    }

    private static void WriteWide(TrendReport report, TextWriter output)
    {
        ConsoleTable.Write(output, report.Checks.OrderBy(check => check.Ok is not false),
        [
            new("CHECK", check => check.Check.Key(), wraps: true),
            new("TARGET", check => check.Target, wraps: true),
            new("STATE", State),
            new("SINCE", check => CommandWords.Time(check.Since)),
            new("1H", check => CommandWords.Percent(check.Window("1h").Availability), onlyWide: true),
            new("1D", check => Availability(report, check, "1d")),
            new("7D", check => Availability(report, check, "7d")),
            new("30D", check => Availability(report, check, "30d")),
            new("BUDGET", check => Budget(report, check)),
            new("P50", check => CommandWords.Milliseconds(check.Window("1d").P50), onlyWide: true),
            new("P95", check => CommandWords.Milliseconds(check.Window("1d").P95)),
            new($"LAST {HoursShown} H", check => Sparkline.Of(check.Hours.TakeLast(HoursShown)), onlyWide: true),
        ]);
        output.WriteLine();
        ConsoleTable.WriteLine(
            output,
            $"BUDGET: what is left of the error budget of {Objective(report)} over 30 days. P50 and P95: ms over 1 day. "
            + $"LAST: p95 by hours, {Sparkline.Legend}. –: not enough history. Times are UTC.");
    }

    private static string Availability(TrendReport report, SeriesTrend check, string window) =>
        CommandWords.Percent(Coverage.ForDisplay(check, window, report.Now).Availability);

    private static string Budget(TrendReport report, SeriesTrend check) =>
        CommandWords.Percent(100 * Coverage.ForDisplay(check, "30d", report.Now).BudgetLeft);

    private static IRenderable State(SeriesTrend check) => check.Ok switch
    {
        true => ConsoleTable.Cell("ok", Color.Green),
        false => ConsoleTable.Cell($"failed ({check.Reason?.Code()})", Color.Red),
        null => ConsoleTable.Cell(""),
    };

    private static string Name(TrendReport report, Check check, string? target) =>
        CommandWords.Name(check, target, report.Checks.Where(other => other.Check == check).All(other => other.Target == "default"));

    private static string Shorten(string name, int width) => name.Length <= width - 2 ? name : $"{name[..Math.Max(1, width - 3)]}…";

    private static string Objective(TrendReport report) => string.Create(CultureInfo.InvariantCulture, $"{100 - report.Slo:0.###} %");
}
