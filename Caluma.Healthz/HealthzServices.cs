using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Checks.Caches;
using Caluma.Healthz.Checks.Databases;
using Caluma.Healthz.Checks.MediaStorage;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Notifications;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz;

/// <summary>Registers the parts of the probe.</summary>
public static class HealthzServices
{
    /// <summary>
    /// Adds <see cref="HealthzSurface"/>, <see cref="SharedRuns"/>, <see cref="IRunner"/> and <see cref="Recorder"/> for a configuration.
    /// With a configuration that has problems, the surface reports them and no check runs. A probe that is off, or has no history, has no
    /// <see cref="RecorderLease"/>.
    /// </summary>
    public static IServiceCollection AddHealthz(this IServiceCollection services, HealthzConfiguration configuration)
    {
        var options = configuration.Options;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TokenCredential>(_ => new LazyCredential(() => new DefaultAzureCredential(new DefaultAzureCredentialOptions
        {
            // No retries, as with the targets: the client's own retries would outlast a run.
            RetryPolicy = new RetryPolicy(maxRetries: 0),
        })));
        services.AddSingleton(configuration).AddSingleton(options).AddSingleton<RunMetrics>();
        services.AddSingleton<IRunner>(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var identity = provider.GetRequiredService<TokenCredential>();
            var probes = configuration.Problems.Count > 0 ? [] : Probes(options, time, identity).ToList();
            return new Runner(
                probes,
                options.Timeout,
                time,
                provider.GetRequiredService<RunMetrics>(),
                provider.GetRequiredService<ILogger<Runner>>(),
                coldStart: provider.GetService<ColdStart>(),
                nameLookups: provider.GetService<NameLookups>());
        });
        services.AddSingleton<SharedRuns>();
        services.AddSingleton(provider => new Recorder(
            configuration,
            provider.GetRequiredService<IRunner>(),
            provider.GetService<RunJournal>(),
            provider.GetService<IncidentNotifier>(),
            provider.GetService<HistoryMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Recorder>>()));
        if (options is { Enabled: true, History: { } history } && configuration.Problems.Count == 0)
        {
            AddHistory(services, options, history);
        }

        services.AddSingleton(provider => new HealthzSurface(
            configuration,
            provider.GetRequiredService<SharedRuns>(),
            provider.GetService<HistoryHandlers>(),
            provider.GetRequiredService<ILogger<HealthzSurface>>()));
        return services;
    }

    /// <summary>
    /// Makes a run after the start of a process, where it may have a part of a core and still be compiling, no verdict on a target that it
    /// had no time for.
    /// </summary>
    internal static IServiceCollection AddColdStart(this IServiceCollection services) => services.AddSingleton<ColdStart>(new ColdStart());

    private static void AddHistory(IServiceCollection services, HealthzOptions options, HistoryOptions history)
    {
        services.TryAddSingleton<IHistoryStorage>(provider => history.Folder is { } folder
            ? ActivatorUtilities.CreateInstance<FolderHistoryStorage>(provider, folder)
            : new BlobHistoryStorage(history.Storage!, provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<RecordReader>()
            .AddSingleton<DocumentStore>()
            .AddSingleton<RunJournal>()
            .AddSingleton<TrendReader>()
            .AddSingleton<HistoryMetrics>()
            .AddSingleton<PageEnvironment>()
            .AddSingleton<HistoryHandlers>()
            .AddSingleton<RecorderLease>();
        if (options.Alertmanager is not null || options.Webhook is not null)
        {
            services.AddSingleton<IncidentNotifier>();
        }
    }

    private static IEnumerable<IProbe> Probes(HealthzOptions options, TimeProvider time, TokenCredential identity)
    {
        foreach (var database in options.Databases)
        {
            yield return new DatabaseProbe(database, options.Migrations, options.Timeout, identity);
        }

        foreach (var cache in options.Caches)
        {
            yield return cache switch
            {
                MemcachedCacheOptions memcached => new MemcachedProbe(memcached),
                RedisCacheOptions redis => new RedisProbe(redis, options.Timeout),
                _ => throw new NotSupportedException($"No probe takes a {cache.GetType()}."),
            };
        }

        if (options.MediaStorage is { } mediaStorage)
        {
            IMediaStore store = mediaStorage switch
            {
                BlobStorageOptions blobs => new BlobMediaStore(blobs, options.Timeout, identity),
                S3StorageOptions s3 => new S3MediaStore(s3, options.Timeout),
                _ => throw new NotSupportedException($"No probe takes a {mediaStorage.GetType()}."),
            };
            yield return new MediaStorageProbe(store, options.Timeout, time);
        }
    }
}
