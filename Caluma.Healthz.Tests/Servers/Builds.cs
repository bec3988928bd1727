namespace Caluma.Healthz.Tests.Servers;

/// <summary>
/// Tests that start a build. They run by themselves, after all others: a compiler takes all processors, and there are tests that
/// look at how long an answer takes.
/// </summary>
[CollectionDefinition(nameof(Builds), DisableParallelization = true)]
public sealed class Builds
{
    /// <summary>A build on a machine that is busy with others.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>No process of a build outlives it.</summary>
    internal static readonly IReadOnlyDictionary<string, string?> Environment = new Dictionary<string, string?>
    {
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };
}
