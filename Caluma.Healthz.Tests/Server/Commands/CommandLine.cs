using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Forms;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Server.Commands;

/// <summary>The result of a command line.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The standard error.</param>
internal sealed record CommandLine(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command line: in this process, where the class of tests is not marked with another form.</summary>
    public static Task<CommandLine> RunAsync(IConfiguration settings, params string[] args) => RunAsync(() => settings, args);

    /// <inheritdoc cref="RunAsync(IConfiguration, string[])"/>
    public static async Task<CommandLine> RunAsync(Func<IConfiguration> loadSettings, params string[] args)
    {
        if (ProbeFormAttribute.Current is { } form)
        {
            return await form.RunAsync(loadSettings(), args);
        }

        await using var output = new StringWriter();
        await using var error = new StringWriter();

        // A server that should have refused to start is stopped, and the test fails.
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
