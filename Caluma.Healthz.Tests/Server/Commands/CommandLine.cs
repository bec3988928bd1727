using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Server.Commands;

/// <summary>What a command line has come to.</summary>
/// <param name="ExitCode">For scripts.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it complained of.</param>
internal sealed record CommandLine(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command line in this process.</summary>
    public static Task<CommandLine> RunAsync(IConfiguration settings, params string[] args) => RunAsync(() => settings, args);

    /// <inheritdoc cref="RunAsync(IConfiguration, string[])"/>
    public static async Task<CommandLine> RunAsync(Func<IConfiguration> loadSettings, params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();

        // A server that starts where it should have refused to is stopped, and the test fails.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline.Default);
        var exitCode = await HealthzCommandLine.InvokeAsync(args, loadSettings, output, error, deadline.Token);
        return new CommandLine(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The lines of the output, each with its columns.</summary>
    public IEnumerable<string[]> Table() => Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
