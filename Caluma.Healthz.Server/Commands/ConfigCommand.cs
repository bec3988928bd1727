using System.CommandLine;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>config</c>: prints the configured values with their settings, and all problems. It shows no secret.</summary>
internal static class ConfigCommand
{
    private const int WideFrom = 110;

    public static Command Create(IConfiguration settings)
    {
        var command = new Command("config", "Show the configuration, without secrets, and all its problems.");
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var configuration = HealthzConfiguration.Read(settings);
            Write(output, configuration.Values);
            HealthzCommandLine.WriteRemarks(configuration, output);
            return HealthzCommandLine.WriteProblems(configuration, error) ? ExitCode.Invalid : ExitCode.Healthy;
        });
        return command;
    }

    /// <summary>
    /// Prints the values. On a narrow terminal the source of a value stands below it, because the name of a setting must not be broken: it
    /// is copied.
    /// </summary>
    /// <param name="output">Gets the table.</param>
    /// <param name="values">The values.</param>
    /// <param name="width">The number of characters on a line; null for that of the output.</param>
    internal static void Write(TextWriter output, IReadOnlyList<ConfigurationValue> values, int? width = null)
    {
        var setting = new Column<ConfigurationValue>("SETTING", value => value.Name);
        ConsoleTable.Write(
            output,
            values,
            (width ?? ConsoleTable.WidthOf(output)) < WideFrom
                ? [setting, new("VALUE, FROM", value => $"{value.Value}\n{value.Source}", wraps: true)]
                : [setting, new("VALUE", value => value.Value, wraps: true), new("FROM", value => value.Source)],
            width: width);
    }
}
