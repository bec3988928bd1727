using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Configuration;

/// <summary>What was found in the settings: the options, and everything that is wrong with them, at once.</summary>
public sealed class HealthzConfiguration
{
    internal HealthzConfiguration(
        HealthzOptions options,
        IReadOnlyList<ConfigurationProblem> problems,
        IReadOnlyList<ConfigurationValue> values,
        IReadOnlyList<string> remarks)
    {
        Options = options;
        Problems = problems;
        Values = values;
        Remarks = remarks;
    }

    /// <summary>The options. Not to be used where there are <see cref="Problems"/>.</summary>
    internal HealthzOptions Options { get; }

    /// <summary>All that is wrong; empty where the options can be used.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; }

    /// <summary>What is configured, and where it came from.</summary>
    internal IReadOnlyList<ConfigurationValue> Values { get; }

    /// <summary>What is right, and worth knowing all the same.</summary>
    internal IReadOnlyList<string> Remarks { get; }

    /// <summary>What a front door says at its start, each with how bad it is; nothing where all is well.</summary>
    public IEnumerable<string> Notices => Options.Enabled
        ? [.. Problems.Select(problem => $"error: invalid configuration: {problem}"), .. Remarks]
        : ["warning: every route answers 404, and nothing is recorded, until ENABLE_HEALTHZ_ENDPOINT is true"];

    /// <summary>Where a check looks, without secrets, as <see cref="Values"/> show it; null where that is not configured.</summary>
    internal string? AddressOf(Check check, string target)
    {
        var name = check switch
        {
            Check.MediaStorageService => "media storage",
            Check.Caches => $"cache {target}",
            _ => $"database {target}",
        };
        return Values.FirstOrDefault(value => value.Name == name)?.Value;
    }

    /// <summary>Reads the settings that docs/reference.md lists: our own (<c>Healthz__*</c>) and Caluma's.</summary>
    public static HealthzConfiguration Read(IConfiguration configuration) => new SettingsReader(configuration).Read();

    /// <summary>Reads what those need to know who only look at what was recorded: neither databases nor caches nor media storage.</summary>
    internal static HealthzConfiguration ReadForHistory(IConfiguration configuration) =>
        new SettingsReader(configuration).Read(needsTargets: false);
}
