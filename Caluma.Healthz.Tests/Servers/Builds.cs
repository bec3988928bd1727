namespace Caluma.Healthz.Tests.Servers;

/// <summary>
/// The collection of tests that start a build, which run one after the other. A build has a low priority, because a compiler takes all
/// processors and other tests have timeouts.
/// </summary>
[CollectionDefinition(nameof(Builds))]
public sealed class Builds
{
    /// <summary>The time limit of a build on a busy machine.</summary>
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Keeps build servers from outliving a build, and analyzers from a minute of work on code that is analyzed wherever the tests are
    /// built.
    /// </summary>
    private static readonly IReadOnlyDictionary<string, string?> _environment = new Dictionary<string, string?>
    {
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["RunAnalyzers"] = "false",
    };

    /// <summary>Runs the SDK to its end; its failure is an exception.</summary>
    /// <returns>Its output.</returns>
    internal static async Task<string> RunAsync(ServerFolder folder, params IEnumerable<string> arguments)
    {
        using var process = ServerProcess.Start(folder, "nice", ["-n", "10", "dotnet", .. arguments], environment: _environment);
        await process.UntilEndedAsync(_deadline);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:{Environment.NewLine}{process.Log}");
        return $"{process.Log}";
    }
}
