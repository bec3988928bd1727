using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;
using Spectre.Console;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>trend</c>: what can be said of the history.</summary>
internal static class TrendCommand
{
    private const string Table = "table";
    private const string Json = "json";
    private const int HoursShown = 24;

    public static Command Create(IConfiguration settings)
    {
        var days = new Option<int>("--days") { Description = "How many days the list of days goes back (json)", DefaultValueFactory = _ => 30 };
        days.Validators.Add(result =>
        {
            // By its text: to ask for the value of one that is no number is an error of its own.
            if (result.Tokens is [var text]
                && (!int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > TrendReader.MostDays))
            {
                result.AddError($"--days takes a number from 1 to {TrendReader.MostDays}.");
            }
        });
        var format = new Option<string>("--format") { Description = "How to print it", DefaultValueFactory = _ => Table };
        format.AcceptOnlyFromAmong(Table, Json);
        var command = new Command(
            "trend", "Show availability, error budget, latency and alerts from the history: 0 no alert, 1 alerts are open, 2 invalid configuration, or a storage that is away.")
        {
            days, format,
        };
        command.SetAction((parsed, cancellationToken) => HistoryAccess.RunAsync(
            settings,
            parsed.InvocationConfiguration.Error,
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
                    Write(report, output);
                }

                return report.Alerts.Count == 0 ? ExitCode.Healthy : ExitCode.Unhealthy;
            },
            cancellationToken));
        return command;
    }

    private static void Write(TrendReport report, TextWriter output)
    {
        if (report.Checks.Count == 0)
        {
            output.WriteLine("Nothing has been recorded yet.");
            return;
        }

        ConsoleTable.Write(
            output,
            ["CHECK", "TARGET", "NOW", "SINCE", "1H", "1D", "7D", "30D", "BUDGET", "P50", "P95", $"LAST {HoursShown} H"],
            report.Checks.Select(check => new[]
            {
                ConsoleTable.Cell(check.Check.Key()),
                ConsoleTable.Cell(check.Target),
                check.Ok is false ? ConsoleTable.Cell($"failed ({check.Reason?.Code()})", Color.Red) : ConsoleTable.Cell(check.Ok is true ? "ok" : "", Color.Green),
                ConsoleTable.Cell(Time(check.Since)),
                ConsoleTable.Cell(Percent(check.Window("1h").Availability)),
                ConsoleTable.Cell(Percent(check.Window("1d").Availability)),
                ConsoleTable.Cell(Percent(check.Window("7d").Availability)),
                ConsoleTable.Cell(Percent(check.Window("30d").Availability)),
                ConsoleTable.Cell(Percent(100 * check.Window("30d").BudgetLeft)),
                ConsoleTable.Cell(Number(check.Window("1d").P50)),
                ConsoleTable.Cell(Number(check.Window("1d").P95)),
                ConsoleTable.Cell(Sparkline.Of(check.Hours.TakeLast(HoursShown))),
            }));
        output.WriteLine();
        output.WriteLine(
            $"Objective {report.Slo.ToString(CultureInfo.InvariantCulture)} %; BUDGET is what is left of it over 30 days; P50 and P95 in ms over 1 day; the line is "
            + $"the p95 by hours: {Sparkline.Legend}. Times are UTC.");
        output.WriteLine($"Newest record {(report.Newest is null ? "unknown" : Time(report.Newest))}{(report.Stale ? ": NOTHING HAS BEEN RECORDED SINCE" : "")}");
        if (report.Alerts.Count > 0)
        {
            output.WriteLine();
            ConsoleTable.Write(output, ["ALERT", "SEVERITY", "CHECK", "TARGET", "SINCE"], report.Alerts.Select(alert => new[]
            {
                ConsoleTable.Cell(alert.Rule.Name(), alert.Severity == Severity.Critical ? Color.Red : Color.Yellow),
                ConsoleTable.Cell(alert.Severity.Name()),
                ConsoleTable.Cell(alert.Check?.Key() ?? ""),
                ConsoleTable.Cell(alert.Target ?? ""),
                ConsoleTable.Cell(Time(alert.Since)),
            }));
        }
    }

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    private static string Percent(double? value) => value is { } percent ? percent.ToString("0.0##", CultureInfo.InvariantCulture) + " %" : "";

    private static string Number(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";
}
