using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Spectre.Console;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>check</c>: runs the checks, once or repeatedly.</summary>
internal static class CheckCommand
{
    private const string Table = "table";
    private const string Json = "json";
    private const int DefaultSeconds = 5;
    private const int MaxSeconds = 3600;

    public static Command Create(IConfiguration settings)
    {
        var checks = CommandOptions.Checks("Run only this check");
        var format = CommandOptions.OneOf("--format", "The output format", Table, Json);
        var watch = new Option<int?>("--watch")
        {
            Description = $"Repeat the run until Ctrl-C, with this many seconds in between ({DefaultSeconds} if not given)",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "seconds",
        };
        CommandOptions.RequireNumber(watch, "a whole number of seconds", MaxSeconds);
        var command = new Command("check", "Run the checks, and show failures with reason, start and what to try.")
        {
            checks, format, watch,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var asked = parsed.GetValue(checks) is { Length: > 0 } names ? CheckSet.Named(names) : CheckSet.All;
            TimeSpan? pause = parsed.GetResult(watch) is null ? null : TimeSpan.FromSeconds(parsed.GetValue(watch) ?? DefaultSeconds);
            var invocation = parsed.InvocationConfiguration;
            return RunAsync(
                settings, asked, parsed.GetValue(format) == Json, pause, invocation.Output, invocation.Error, cancellationToken);
        });
        return command;
    }

    internal const string NoTime = "the probe itself was too busy";

    private static async Task<int> RunAsync(
        IConfiguration settings, CheckSet asked, bool asJson, TimeSpan? pause,
        TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var configuration = HealthzConfiguration.Read(settings);
        if (HealthzCommandLine.WriteProblems(configuration, error))
        {
            return ExitCode.Invalid;
        }

        var checks = configuration.Options.Checks.Intersect(asked);
        if (checks.IsEmpty)
        {
            await error.WriteLineAsync("--check must name a check that is configured to run (Healthz__Checks).");
            return ExitCode.Invalid;
        }

        // ENABLE_HEALTHZ_ENDPOINT is for the routes. The history is opened all the same, for the start of failures.
        configuration.Options.Enabled = true;
        await using var services = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();
        var exitCode = ExitCode.Healthy;
        try
        {
            while (true)
            {
                var report = await services.GetRequiredService<IRunner>().RunAsync(checks, cancellationToken);
                exitCode = report.Ok ? ExitCode.Healthy : ExitCode.Unhealthy;
                await WriteAsync(report, configuration, services, asJson, isWatched: pause is not null, output, cancellationToken);
                if (pause is not { } length)
                {
                    return exitCode;
                }

                await Task.Delay(length, services.GetRequiredService<TimeProvider>(), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (pause is not null && cancellationToken.IsCancellationRequested)
        {
            return exitCode;
        }
    }

    private static async Task WriteAsync(
        RunReport report, HealthzConfiguration configuration, IServiceProvider services,
        bool asJson, bool isWatched, TextWriter output, CancellationToken cancellationToken)
    {
        if (asJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(CheckReport.Of(report), CheckJson.Default.CheckReport));
            return;
        }

        var summary = CheckSummary.Of(report, configuration, await FailingSince.ReadAsync(services, report, cancellationToken));
        if (isWatched && !ConsoleTable.Clear(output))
        {
            // A line for each run, for a file or a pipe.
            await output.WriteLineAsync($"{CommandWords.Time(report.StartedAt)} {summary.Lines[0]}");
            return;
        }

        ConsoleTable.Write(output, report.Results.OrderBy(result => result.Ok),
        [
            new("CHECK", result => result.Check.Key()),
            new("TARGET", result => result.Target, wraps: true),
            new("VERDICT", result => result.Ok ? ConsoleTable.Cell("ok", Color.Green) : ConsoleTable.Cell("failed", Color.Red)),
            new("REASON", result => result.HasVerdict ? result.Reason?.Code() ?? "" : NoTime, wraps: true),
            new("MS", result => CommandWords.Milliseconds(result.Duration.TotalMilliseconds)),
        ]);
        foreach (var line in summary.Lines)
        {
            ConsoleTable.WriteLine(output, line);
        }

        HealthzCommandLine.WriteRemarks(configuration, output);
        if (isWatched)
        {
            ConsoleTable.WriteLine(output, $"As of {CommandWords.Time(report.StartedAt)} UTC. Ctrl-C ends it.");
        }
    }
}
