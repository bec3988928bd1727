using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;
using Spectre.Console;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>replay</c>: what the rules would have said of recorded runs. It needs neither settings nor a network.</summary>
internal static class ReplayCommand
{
    private const string Table = "table";
    private const string Json = "json";
    private const string StandardInput = "-";

    /// <summary>The setting that each option is tried for: it is read by the same rules.</summary>
    private static readonly Dictionary<string, string> _settings = new()
    {
        ["--slo"] = "Healthz__Slo",
        ["--schedule"] = "Healthz__Schedule",
        ["--timeout"] = "Healthz__Timeout",
        ["--maintenance"] = "Healthz__Maintenance",
    };

    /// <param name="input">What <c>-</c> stands for.</param>
    public static Command Create(Func<Stream> input)
    {
        var file = new Argument<string>("FILE")
        {
            Description =
                "The runs, as JSON Lines: what /healthz/history and caluma-healthz history --format jsonl print; - for standard input",
        };
        var slo = new Option<string?>("--slo") { Description = "The objective in percent, such as 99.9; 99.5 if not given" };
        var schedule = new Option<string?>("--schedule")
        {
            Description = "When runs were recorded, such as \"0 */5 * * * *\"; every minute if not given",
        };
        var timeout = new Option<string?>("--timeout") { Description = "The timeout of a target, such as 00:00:10; 5 s if not given" };
        var maintenance = new Option<string[]>("--maintenance")
        {
            Description = "A time not to count, such as 2026-12-01T22:00:00Z/2026-12-02T02:00:00Z; may be given several times",
            DefaultValueFactory = _ => [],
        };
        var format = new Option<string>("--format") { Description = "How to print it", DefaultValueFactory = _ => Table };
        format.AcceptOnlyFromAmong(Table, Json);
        var command = new Command(
            "replay", "Show what alerts and incidents recorded runs would have made: 0 replayed, 2 a file or an option that is wrong.")
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

        // What is wrong with settings that nobody has given here, such as those of databases, is none of its business.
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
        output.WriteLine(FormattableString.Invariant(
            $"{replay.Records} runs: {replay.Alerts.Count} alerts; {pages} pages and {tickets} tickets. Times are UTC."));
        if (replay.Incidents.Count > 0)
        {
            output.WriteLine();
            ConsoleTable.Write(
                output,
                ["INCIDENT", "SEVERITY", "CHECKS", "REASON", "STARTED", "OPENED", "RESOLVED", "TOLD"],
                replay.Incidents.Select(incident => new[]
                {
                    ConsoleTable.Cell($"{incident.System} {(incident.Target == incident.System ? "" : incident.Target)}".TrimEnd(),
                        ColourOf(incident.Severity)),
                    ConsoleTable.Cell(incident.Severity.Name()),
                    ConsoleTable.Cell(string.Join(", ", incident.Checks.Members.Select(check => check.Key()))),
                    ConsoleTable.Cell(incident.Reason?.Code() ?? ""),
                    ConsoleTable.Cell(Time(incident.Started)),
                    ConsoleTable.Cell(Time(incident.Opened)),
                    ConsoleTable.Cell(incident.Resolved is { } resolved ? Time(resolved) : "open"),
                    ConsoleTable.Cell(incident.Notifications.ToString(CultureInfo.InvariantCulture)),
                }));
        }

        if (replay.Alerts.Count > 0)
        {
            output.WriteLine();
            ConsoleTable.Write(
                output,
                ["ALERT", "SEVERITY", "CHECK", "TARGET", "SINCE", "TRIGGERED", "RESOLVED"],
                replay.Alerts.Select(alert => new[]
                {
                    ConsoleTable.Cell(alert.Rule.Name(), ColourOf(alert.Severity)),
                    ConsoleTable.Cell(alert.Severity.Name()),
                    ConsoleTable.Cell(alert.Check?.Key() ?? ""),
                    ConsoleTable.Cell(alert.Target ?? ""),
                    ConsoleTable.Cell(Time(alert.Since)),
                    ConsoleTable.Cell(Time(alert.Triggered)),
                    ConsoleTable.Cell(alert.Resolved is { } resolved ? Time(resolved) : "open"),
                }));
        }
    }

    private static Color ColourOf(Severity severity) => severity == Severity.Critical ? Color.Red : Color.Yellow;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
