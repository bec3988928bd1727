using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Server.Commands;

/// <summary>The command <c>caluma-healthz</c>.</summary>
internal static class HealthzCommandLine
{
    /// <summary>Longer than the longest timeout, because a server finishes its runs before it stops.</summary>
    private static readonly TimeSpan _shutdown = TimeSpan.FromSeconds(70);

    /// <summary>Runs a command line to its end and gives its exit code: see <see cref="ExitCode"/>.</summary>
    public static async Task<int> InvokeAsync(
        string[] args,
        Func<IConfiguration> loadSettings,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken = default)
    {
        IConfiguration settings;
        try
        {
            settings = loadSettings();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"appsettings.json cannot be read: {exception.GetBaseException().Message}");
            return ExitCode.Invalid;
        }

        var root = new RootCommand("Checks the databases, caches and media storage of a Caluma deployment from outside.")
        {
            ServeCommand.Create(settings),
            CheckCommand.Create(settings),
            TrendCommand.Create(settings),
            HistoryCommand.Create(settings),
            ReplayCommand.Create(Console.OpenStandardInput),
            MigrationsCommand.Create(settings),
            ConfigCommand.Create(settings),
            CompletionCommand.Create(),
        };
        CommandHelp.AddTo(root);
        var parsed = root.Parse(args);
        if (parsed.Errors is [var first, ..] && parsed.Action is ParseErrorAction)
        {
            // System.CommandLine returns 1 for a wrong command line, which would read as "not healthy", and prints the whole help.
            ConsoleTable.WriteLine(error, UsageError(parsed, first));
            return ExitCode.Invalid;
        }

        var invocation = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = _shutdown };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    private static string UsageError(ParseResult parsed, ParseError first)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? "caluma-healthz" : $"caluma-healthz {command.Name}";
        var unknown = command is RootCommand ? parsed.UnmatchedTokens is [var token, ..] ? token : null : null;
        var known = command.Subcommands.Where(other => !other.Hidden).Select(other => other.Name).ToList();
        var missing = command.Arguments.FirstOrDefault(argument => parsed.GetResult(argument) is not { Tokens.Count: > 0 });
        var message = (command, unknown) switch
        {
            _ when missing is not null => $"<{missing.Name}> is missing.",
            (RootCommand, null) => $"Name a command: {Choice.Of(known)}.",
            (RootCommand, _)
                when Choice.Nearest(unknown, known) is { } nearest => $"No command named \"{unknown}\". Did you mean {nearest}?",
            (RootCommand, _) => $"No command named \"{unknown}\". Choose one: {string.Join(", ", known)}.",
            _ => string.Join(' ', first.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        };
        return $"{message} See {name} --help.";
    }

    /// <summary>The settings of the process: appsettings.json in the current folder, then the environment.</summary>
    public static IConfiguration LoadSettings() => new ConfigurationBuilder()
        .SetBasePath(Directory.GetCurrentDirectory())
        .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
        .AddEnvironmentVariables()
        .Build();

    /// <summary>Prints the remarks on a configuration.</summary>
    public static void WriteRemarks(HealthzConfiguration configuration, TextWriter output)
    {
        foreach (var remark in configuration.Remarks)
        {
            ConsoleTable.WriteLine(output, $"Note: {remark}.");
        }

        foreach (var (rule, reason) in configuration.Problems.Count > 0 ? [] : new RuleWindows(configuration.Options).CannotTrigger())
        {
            ConsoleTable.WriteLine(output, $"Note: the alert {rule.Name()} cannot trigger: {reason}.");
        }
    }

    /// <summary>Prints all problems of a configuration.</summary>
    /// <returns>Whether there are problems.</returns>
    public static bool WriteProblems(HealthzConfiguration configuration, TextWriter error)
    {
        if (configuration.Problems.Count > 0)
        {
            error.WriteLine("The configuration is invalid:");
            foreach (var problem in configuration.Problems)
            {
                error.WriteLine($"  {problem}");
            }
        }

        return configuration.Problems.Count > 0;
    }
}
