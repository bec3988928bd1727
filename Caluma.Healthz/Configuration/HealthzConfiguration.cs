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
    public HealthzOptions Options { get; }

    /// <summary>All that is wrong; empty where the options can be used.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; }

    /// <summary>What is configured, and where it came from.</summary>
    public IReadOnlyList<ConfigurationValue> Values { get; }

    /// <summary>What is right, and worth knowing all the same.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>Reads the settings of design section 4: our own (<c>Healthz__*</c>) and Caluma's.</summary>
    public static HealthzConfiguration Read(IConfiguration configuration) => new SettingsReader(configuration).Read();
}
