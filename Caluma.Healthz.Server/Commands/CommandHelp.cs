using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Prints the help of System.CommandLine, then examples, exit codes and the address of the documentation.</summary>
internal sealed class CommandHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly string _documentation = typeof(CommandHelp).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "Documentation").Value!;

    private static readonly Dictionary<string, string[]> _examples = new(StringComparer.Ordinal)
    {
        [""] = ["caluma-healthz check", "caluma-healthz check --help", "caluma-healthz completion bash >> ~/.bashrc"],
        ["serve"] =
        [
            "HEALTHZ_FUNCTION_KEYS=$(openssl rand -hex 20) caluma-healthz serve --urls http://*:7071 --metrics http://*:9090",
            "caluma-healthz serve --no-auth",
        ],
        ["check"] = ["caluma-healthz check", "caluma-healthz check --check databases --check caches", "caluma-healthz check --watch 10"],
        ["trend"] = ["caluma-healthz trend", "caluma-healthz trend --wide", "caluma-healthz trend --format json --days 90"],
        ["history"] =
        [
            "caluma-healthz history --from 2h", "caluma-healthz history --from 2026-11-22 --failed --check caches",
            "caluma-healthz history --from 7d --format csv > runs.csv",
        ],
        ["replay"] =
        [
            "caluma-healthz history --from 30d --format jsonl | caluma-healthz replay -", "caluma-healthz replay runs.jsonl --slo 99.9",
        ],
        ["migrations"] = ["caluma-healthz migrations"],
        ["config"] = ["caluma-healthz config"],
        ["completion"] = ["caluma-healthz completion bash >> ~/.bashrc", "caluma-healthz completion pwsh >> $PROFILE"],
    };

    private static readonly Dictionary<string, string[]> _exitCodes = new(StringComparer.Ordinal)
    {
        [""] = ["0  success", "1  not healthy", "2  invalid configuration or command line, or the storage of the history fails"],
        ["serve"] = ["0  stopped by a signal", "2  invalid configuration or command line"],
        ["check"] = ["0  healthy", "1  not healthy", "2  invalid configuration or command line"],
        ["trend"] =
        [
            "0  no alert is open", "1  alerts are open",
            "2  invalid configuration or command line, or the storage of the history fails",
        ],
        ["history"] = ["0  read", "2  invalid configuration or command line, or the storage of the history fails"],
        ["replay"] = ["0  replayed", "2  invalid file or option"],
        ["migrations"] = ["0  up to date", "1  not up to date", "2  invalid configuration or command line"],
        ["config"] = ["0  valid", "2  invalid"],
    };

    /// <summary>Replaces the default help of a command.</summary>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new CommandHelp((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        var name = parseResult.CommandResult.Command is RootCommand ? "" : parseResult.CommandResult.Command.Name;
        var output = parseResult.InvocationConfiguration.Output;
        Write(output, "Examples:", _examples.GetValueOrDefault(name), line => output.WriteLine(line)); // unbroken, to be copied
        Write(output, "Exit codes:", _exitCodes.GetValueOrDefault(name), line => ConsoleTable.WriteLine(output, line));
        output.WriteLine("Settings, routes and what to do about each reason:");
        output.WriteLine($"  {_documentation}");
        return result;
    }

    private static void Write(TextWriter output, string heading, string[]? lines, Action<string> writeLine)
    {
        if (lines is not null)
        {
            output.WriteLine(heading);
            foreach (var line in lines)
            {
                writeLine($"  {line}");
            }

            output.WriteLine();
        }
    }
}
