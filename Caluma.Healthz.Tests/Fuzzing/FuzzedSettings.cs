using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>Settings: they are taken, or their problems are said.</summary>
internal static class FuzzedSettings
{
    /// <summary>The settings that take a connection string or a URL.</summary>
    private static readonly string[] _connections =
    [
        "Healthz__Databases__default", "DATABASE_HOST", "Healthz__Caches__default", "CACHE_LOCATION",
        "Healthz__MediaStorage__ConnectionString", "Healthz__MediaStorage__ServiceUri", "MINIO_STORAGE_ENDPOINT",
        "Healthz__History__ConnectionString", "Healthz__History__ServiceUri", "Healthz__Webhook", "Healthz__Alertmanager",
    ];

    /// <param name="text">A setting a line, as in the environment.</param>
    public static void Take(string text) =>
        Read([.. text.Split('\n').Where(line => line.IndexOf('=', StringComparison.Ordinal) > 0)]);

    /// <param name="text">A connection string or URL, which each setting is that takes one.</param>
    public static void TakeConnection(string text) => Array.ForEach(_connections, setting => Read($"{setting}={text}"));

    private static void Read(params string[] settings)
    {
        var configuration = HealthzConfiguration.Read(Settings.Of(["ENABLE_HEALTHZ_ENDPOINT=true", .. settings]));
        if (configuration.Problems.Count > 0)
        {
            _ = string.Join('\n', configuration.Problems);
            return;
        }

        // Also what is made of them for the client libraries.
        var services = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();
        services.GetRequiredService<IRunner>();
        services.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
