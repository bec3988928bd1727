using Caluma.Healthz.Checks;
using Caluma.Healthz.Checks.Caches;
using Caluma.Healthz.Checks.Databases;
using Caluma.Healthz.Checks.MediaStorage;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Http;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz;

/// <summary>Puts the parts together.</summary>
public static class HealthzServices
{
    /// <summary>
    /// Adds <see cref="HealthzSurface"/>, <see cref="SharedRuns"/> and <see cref="IRunner"/> for a configuration. One with problems
    /// probes nothing, and the surface says so.
    /// </summary>
    public static IServiceCollection AddHealthz(this IServiceCollection services, HealthzConfiguration configuration)
    {
        var options = configuration.Options;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(configuration);
        services.AddSingleton<IRunner>(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var probes = configuration.Problems.Count > 0 ? [] : Probes(options, time).ToList();
            return new Runner(probes, options.Timeout, time, provider.GetRequiredService<ILogger<Runner>>());
        });
        services.AddSingleton(provider => new SharedRuns(
            provider.GetRequiredService<IRunner>(), options.Timeout, options.MinInterval, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new HealthzSurface(
            configuration, provider.GetRequiredService<SharedRuns>(), provider.GetRequiredService<ILogger<HealthzSurface>>()));
        return services;
    }

    private static IEnumerable<IProbe> Probes(HealthzOptions options, TimeProvider time)
    {
        foreach (var database in options.Databases)
        {
            yield return new DatabaseProbe(database, options.Migrations, options.Timeout);
        }

        foreach (var cache in options.Caches)
        {
            yield return new RedisProbe(cache, options.Timeout);
        }

        if (options.MediaStorage is { } mediaStorage)
        {
            yield return new MediaStorageProbe(new BlobMediaStore(mediaStorage, options.Timeout), options.Timeout, time);
        }
    }
}
