using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Configuration;

/// <summary>The options that the settings make, or all their problems at once.</summary>
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

    /// <summary>The options; do not use them where there are <see cref="Problems"/>.</summary>
    internal HealthzOptions Options { get; }

    /// <summary>All problems; empty where the options can be used.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; }

    /// <summary>All configured values and the settings that set them.</summary>
    internal IReadOnlyList<ConfigurationValue> Values { get; }

    /// <summary>Valid settings that deserve a remark.</summary>
    internal IReadOnlyList<string> Remarks { get; }

    /// <summary>The messages of a front door at its start, each with its severity.</summary>
    public IEnumerable<string> Notices => Options.Enabled
        ? [.. Problems.Select(problem => $"error: invalid configuration: {problem}"), .. Remarks]
        : ["warning: every route answers 404, and nothing is recorded, until ENABLE_HEALTHZ_ENDPOINT is true"];

    /// <summary>The address of a target, without secrets, as in <see cref="Values"/>; null where the target is not configured.</summary>
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

    /// <summary>Reads the settings that the commands over the history need: neither databases nor caches nor media storage.</summary>
    internal static HealthzConfiguration ReadForHistory(IConfiguration configuration) =>
        new SettingsReader(configuration).Read(needsTargets: false);
}
