using System.CommandLine;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>config</c>: prints the configured values with their settings, and all problems. It shows no secret.</summary>
internal static class ConfigCommand
{
    public static Command Create(IConfiguration settings)
    {
        var command = new Command("config", "Show the configuration, without secrets, and all its problems: 0 valid, 2 invalid.");
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var configuration = HealthzConfiguration.Read(settings);
            ConsoleTable.Write(
                output, configuration.Values,
                [new("SETTING", value => value.Name), new("VALUE", value => value.Value), new("FROM", value => value.Source)]);
            HealthzCommandLine.WriteRemarks(configuration, output);
            return HealthzCommandLine.WriteProblems(configuration, error) ? ExitCode.Invalid : ExitCode.Healthy;
        });
        return command;
    }
}
