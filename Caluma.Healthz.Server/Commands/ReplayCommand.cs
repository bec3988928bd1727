using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;
using Spectre.Console;

namespace Caluma.Healthz.Server.Commands;

/// <summary>
/// <c>replay</c>: prints the alerts and incidents that the rules make of recorded runs. It needs neither settings nor a
/// network.
/// </summary>
internal static class ReplayCommand
{
    private const string Table = "table";
    private const string Json = "json";
    private const string StandardInput = "-";

    /// <summary>The width from which times have their year and seconds.</summary>
    private const int WideFrom = 130;

    /// <summary>The setting behind each option, which is validated in the same way.</summary>
    private static readonly Dictionary<string, string> _settings = new()
    {
        ["--slo"] = "Healthz__Slo",
        ["--schedule"] = "Healthz__Schedule",
        ["--timeout"] = "Healthz__Timeout",
        ["--maintenance"] = "Healthz__Maintenance",
    };

    /// <param name="input">The standard input, for <c>-</c>.</param>
    public static Command Create(Func<Stream> input)
    {
        var file = new Argument<string>("FILE")
        {
            Description =
                "The runs, as JSON Lines: what /healthz/history and caluma-healthz history --format jsonl print; - for standard input",
        };
        var slo = new Option<string?>("--slo")
        {
            Description = "The objective in percent, such as 99.9; 99.5 if not given",
            HelpName = "percent",
        };
        var schedule = new Option<string?>("--schedule")
        {
            Description = "The schedule of the runs, such as \"0 */5 * * * *\"; every minute if not given",
            HelpName = "ncrontab",
        };
        var timeout = new Option<string?>("--timeout")
        {
            Description = "The timeout of a target, such as 00:00:10; 5 s if not given",
            HelpName = "time",
        };
        var maintenance = new Option<string[]>("--maintenance")
        {
            Description = "A maintenance window, which does not count, such as 2026-12-01T22:00:00Z/2026-12-02T02:00:00Z; repeatable",
            HelpName = "start/end",
            DefaultValueFactory = _ => [],
        };
        var format = CommandOptions.OneOf("--format", "The output format", Table, Json);
        var command = new Command(
            "replay", "Replay recorded runs, and show their alerts and incidents.")
        {
            file, slo, schedule, timeout, maintenance, format,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var options = Options(
                error, parsed.GetValue(slo), parsed.GetValue(schedule), parsed.GetValue(timeout), parsed.GetValue(maintenance)!);
            if (options is null || await ReadAsync(parsed.GetValue(file)!, input, options, error, cancellationToken) is not { } replay)
            {
                return ExitCode.Invalid;
            }

            foreach (var (rule, reason) in new RuleWindows(options).CannotTrigger())
            {
                await error.WriteLineAsync($"Note: {rule.Name()} cannot trigger: {reason}.");
            }

            if (parsed.GetValue(format) == Json)
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(ReplayReport.Of(replay), ReplayJson.Default.ReplayReport));
            }
            else
            {
                Write(replay, output);
            }

            return ExitCode.Healthy;
        });
        return command;
    }

    private static HealthzOptions? Options(TextWriter error, string? slo, string? schedule, string? timeout, string[] maintenance)
    {
        var values = new Dictionary<string, string?>
        {
            ["Healthz:Slo"] = slo,
            ["Healthz:Schedule"] = schedule,
            ["Healthz:Timeout"] = timeout,
        };
        for (var index = 0; index < maintenance.Length; index++)
        {
            values.Add($"Healthz:Maintenance:{index}", maintenance[index]);
        }

        var given = values.Where(value => value.Value is not null).ToList();
        var configuration = HealthzConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(given).Build());

        // Problems of other settings, such as those of databases, do not matter here.
        var problems =
            from problem in configuration.Problems
            from option in _settings
            where problem.Setting == option.Value || problem.Setting.StartsWith($"{option.Value}__", StringComparison.Ordinal)
            select $"{option.Key} {problem.Problem}; expected {problem.Expected}.";
        var isWrong = false;
        foreach (var problem in problems)
        {
            error.WriteLine(problem);
            isWrong = true;
        }

        return isWrong ? null : configuration.Options;
    }

    private static async Task<Replay?> ReadAsync(
        string file, Func<Stream> input, HealthzOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = file == StandardInput
                ? input()
                : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, useAsync: true);
            return await RecordedRuns.ReplayAsync(stream, options, error, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            await error.WriteLineAsync($"{file} cannot be read: {exception.Message}");
            return null;
        }
    }

    private static void Write(Replay replay, TextWriter output)
    {
        var pages = replay.Incidents.Count(incident => incident.Severity == Severity.Critical);
        var tickets = replay.Incidents.Count - pages;
        ConsoleTable.WriteLine(
            output,
            $"{Count(replay.Records, "run")}: {Count(replay.Alerts.Count, "alert")}; "
                + $"{Count(pages, "page")} and {Count(tickets, "ticket")}. Times are UTC.");
        var isWide = ConsoleTable.WidthOf(output) >= WideFrom;
        WriteTable(output, replay.Incidents, IncidentColumns(isWide));
        WriteTable(output, replay.Alerts, AlertColumns(isWide));
    }

    private static Column<Incident>[] IncidentColumns(bool isWide) =>
    [
        new("INCIDENT", incident => ConsoleTable.Cell(Name(incident), ColourOf(incident.Severity)), Wraps: true),
        new("SEVERITY", incident => incident.Severity.Name(), onlyWide: true),
        new("CHECKS", incident => string.Join(", ", incident.Checks.Members.Select(check => check.Key())), onlyWide: true, wraps: true),
        new("REASON", incident => incident.Reason?.Code() ?? ""),
        new("STARTED", incident => Moment(incident.Started, isWide)),
        new("OPENED", incident => Moment(incident.Opened, isWide), onlyWide: true),
        new("RESOLVED", incident => Moment(incident.Resolved, isWide)),
        new("TOLD", incident => incident.Notifications.ToString(CultureInfo.InvariantCulture), onlyWide: true),
    ];

    private static Column<Alert>[] AlertColumns(bool isWide) =>
    [
        new("ALERT", alert => ConsoleTable.Cell(alert.Rule.Name(), ColourOf(alert.Severity))),
        new("SEVERITY", alert => alert.Severity.Name(), onlyWide: true),
        new("CHECK", alert => alert.Check?.Key() ?? "", wraps: true),
        new("TARGET", alert => alert.Target ?? "", onlyWide: true, wraps: true),
        new("SINCE", alert => Moment(alert.Since, isWide)),
        new("TRIGGERED", alert => Moment(alert.Triggered, isWide), onlyWide: true),
        new("RESOLVED", alert => Moment(alert.Resolved, isWide)),
    ];

    private static void WriteTable<T>(TextWriter output, IReadOnlyList<T> items, Column<T>[] columns)
    {
        if (items.Count > 0)
        {
            output.WriteLine();
            ConsoleTable.Write(output, items, columns);
        }
    }

    private static string Count(int number, string one) => Words.Count(number, one, $"{one}s");

    private static string Name(Incident incident) =>
        (incident.Target == incident.System ? incident.System : $"{incident.System} {incident.Target}")
        + (incident.Members is { Count: > 1 and var count } ? $" ({count})" : "");

    private static string Moment(DateTimeOffset? time, bool isWide) =>
        time is null ? "open" : isWide ? CommandWords.Time(time) : CommandWords.ShortTime(time);

    private static Color ColourOf(Severity severity) => severity == Severity.Critical ? Color.Red : Color.Yellow;
}
