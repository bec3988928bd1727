namespace Caluma.Healthz.Tests.Servers;

/// <summary>
/// Tests that start a build, one after the other. Everything else goes before a build: a compiler takes all processors, and there are
/// tests that look at how long an answer takes.
/// </summary>
[CollectionDefinition(nameof(Builds))]
public sealed class Builds
{
    /// <summary>A build on a machine that is busy with others.</summary>
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(10);

    /// <summary>No process of a build outlives it.</summary>
    private static readonly IReadOnlyDictionary<string, string?> _environment = new Dictionary<string, string?>
    {
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    /// <summary>Runs the SDK to its end, and fails where it does.</summary>
    /// <returns>What it has printed.</returns>
    internal static async Task<string> RunAsync(ServerFolder folder, params IEnumerable<string> arguments)
    {
        using var process = ServerProcess.Start(folder, "nice", ["-n", "10", "dotnet", .. arguments], environment: _environment);
        await process.UntilEndedAsync(_deadline);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:{Environment.NewLine}{process.Log}");
        return $"{process.Log}";
    }
}
