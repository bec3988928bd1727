using Caluma.Healthz.Configuration;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

/// <summary>Reads settings that are written as in the environment: <c>Healthz__Timeout=00:00:02</c>.</summary>
internal static class Settings
{
    /// <summary>Exactly these settings; the last one with a name counts.</summary>
    public static IConfiguration Of(params IEnumerable<string> settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in settings.Select(setting => setting.Split('=', 2)))
        {
            values[setting[0].Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] = setting[1];
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    /// <summary>Reads these settings with the endpoint on and a database by default.</summary>
    public static HealthzConfiguration Read(params IEnumerable<string> settings) =>
        HealthzConfiguration.Read(Of(["ENABLE_HEALTHZ_ENDPOINT=true", "DATABASE_HOST=db", .. settings]));

    /// <summary>Reads settings that must have a single problem, and returns it.</summary>
    public static ConfigurationProblem ReadProblem(params IEnumerable<string> settings) => Assert.Single(Read(settings).Problems);

    /// <summary>Reads settings that must be valid.</summary>
    public static HealthzOptions ReadOptions(params IEnumerable<string> settings)
    {
        var configuration = Read(settings);
        Assert.Empty(configuration.Problems);
        return configuration.Options;
    }
}
