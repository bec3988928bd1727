using System.CommandLine;
using Azure.Identity;
using Caluma.Healthz.Checks.Databases;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>migrations</c>: prints the release of each database and the unapplied migrations.</summary>
internal static class MigrationsCommand
{
    public static Command Create(IConfiguration settings)
    {
        var command = new Command(
            "migrations",
            "Show the Caluma release of each database, and unapplied migrations.");
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(settings, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        IConfiguration settings, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var configuration = HealthzConfiguration.Read(settings);
        if (HealthzCommandLine.WriteProblems(configuration, error))
        {
            return ExitCode.Invalid;
        }

        var inspections = await MigrationInspection.InspectAsync(configuration.Options, new DefaultAzureCredential(), cancellationToken);
        ConsoleTable.Write(output, inspections,
        [
            new("DATABASE", inspection => inspection.Alias, wraps: true),
            new("VERDICT", inspection => inspection.Reason is null ? "ok" : "failed"),
            new("REASON", inspection => inspection.Reason?.Code() ?? ""),
            new("RELEASE", inspection => inspection.Release ?? ""),
            new("UNAPPLIED", inspection => $"{inspection.Unapplied.Count}"),
        ]);
        foreach (var inspection in inspections)
        {
            foreach (var migration in inspection.Unapplied)
            {
                await output.WriteLineAsync($"{inspection.Alias}: {migration} is unapplied");
            }
        }

        return inspections.All(inspection => inspection.Reason is null) ? ExitCode.Healthy : ExitCode.Unhealthy;
    }
}
