using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Spectre.Console;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>check</c>: runs the checks once.</summary>
internal static class CheckCommand
{
    private const string Table = "table";
    private const string Json = "json";

    public static Command Create(IConfiguration settings)
    {
        var checks = new Option<string[]>("--check")
        {
            Description = $"Run only this check; repeatable: {string.Join(", ", CheckNames.All.Select(check => check.Token()))}",
        };
        checks.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => CheckNames.Find(token.Value) is null))
            {
                result.AddError($"There is no check {token.Value}; there are {string.Join(", ", CheckNames.All.Select(check => check.Token()))}.");
            }
        });
        var format = new Option<string>("--format") { Description = "How to print the results", DefaultValueFactory = _ => Table };
        format.AcceptOnlyFromAmong(Table, Json);

        var command = new Command("check", "Run the checks once: 0 healthy, 1 not healthy, 2 invalid configuration.") { checks, format };
        command.SetAction((parsed, cancellationToken) =>
        {
            var asked = parsed.GetValue(checks) is { Length: > 0 } names ? CheckSet.Named(names) : CheckSet.All;
            var invocation = parsed.InvocationConfiguration;
            return RunAsync(settings, asked, parsed.GetValue(format) == Json, invocation.Output, invocation.Error, cancellationToken);
        });
        return command;
    }

    private const string NoTime = "the probe itself had no time for it";

    private static async Task<int> RunAsync(
        IConfiguration settings, CheckSet asked, bool asJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var configuration = HealthzConfiguration.Read(settings);
        if (HealthzCommandLine.Refuse(configuration, error))
        {
            return ExitCode.Invalid;
        }

        var checks = configuration.Options.Checks.Intersect(asked);
        if (checks.IsEmpty)
        {
            await error.WriteLineAsync("None of these checks is configured to run (Healthz__Checks).");
            return ExitCode.Invalid;
        }

        await using var services = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();
        var report = await services.GetRequiredService<IRunner>().RunAsync(checks, cancellationToken);
        if (asJson)
        {
            await WriteJsonAsync(report, output);
        }
        else
        {
            WriteTable(report, output);
            HealthzCommandLine.WriteRemarks(configuration, output);
        }

        return report.Ok ? ExitCode.Healthy : ExitCode.Unhealthy;
    }

    private static void WriteTable(RunReport report, TextWriter output) =>
        ConsoleTable.Write(output, ["CHECK", "TARGET", "VERDICT", "REASON", "MS"], report.Results.Select(result => new[]
        {
            ConsoleTable.Cell(result.Check.Key()),
            ConsoleTable.Cell(result.Target),
            result.Ok ? ConsoleTable.Cell("ok", Color.Green) : ConsoleTable.Cell("failed", Color.Red),
            ConsoleTable.Cell(result.HasVerdict ? result.Reason?.Code() ?? "" : NoTime),
            ConsoleTable.Cell(result.Duration.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)),
        }));

    private static async Task WriteJsonAsync(RunReport report, TextWriter output) =>
        await output.WriteLineAsync(JsonSerializer.Serialize(
            new
            {
                report.Ok,
                Started = report.StartedAt,
                DurationMs = Math.Round(report.Duration.TotalMilliseconds, 1),
                Checks = report.Results.Select(result => new
                {
                    Check = result.Check.Key(),
                    result.Target,
                    result.Ok,
                    Ms = Math.Round(result.Duration.TotalMilliseconds, 1),
                    Reason = result.HasVerdict ? result.Reason?.Code() : NoTime,
                }),
            },
            _json));

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };
}
