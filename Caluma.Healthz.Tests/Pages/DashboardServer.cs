using Azure.Storage.Blobs;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Dev.Demo;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>
/// A Server with a database, a cache and a media storage, an invented history and a clock that stands still, so that it records nothing.
/// </summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>A text that no page has by itself.</summary>
    public const string Key = "c4n4ry-key";

    private readonly ProbeInProcess _probe;
    private readonly BlobContainerClient _container;

    private DashboardServer(ProbeInProcess probe, BlobContainerClient container) => (_probe, _container) = (probe, container);

    /// <summary>Sends the key with each request.</summary>
    public HttpClient Client => _probe.Client;

    /// <summary>The number of requests to the storage of its history.</summary>
    public long StorageRequests => _probe.Services.GetRequiredService<IHistoryStorage>().Calls;

    /// <param name="services">The servers, with the storage of the history.</param>
    /// <param name="history">The history; null for an empty one.</param>
    /// <param name="settings">Further settings, such as more targets.</param>
    public static async Task<DashboardServer> StartAsync(Services services, InventedHistory? history, params string[] settings)
    {
        var container = await services.CreateContainerAsync();
        string[] all =
        [
            "ENABLE_HEALTHZ_ENDPOINT=true",
            $"HEALTHZ_FUNCTION_KEYS={Key}",
            "DATABASE_HOST=db",
            "Healthz__Caches__default=cache",
            $"Healthz__MediaStorage__ConnectionString={(await services.Azurite).ConnectionString}",
            $"Healthz__History__ConnectionString={(await services.Azurite).ConnectionString}",
            $"Healthz__History__Container={container.Name}",
            $"Healthz__Schedule={(history ?? new InventedHistory()).Schedule}",
            "Logging__Console__LogLevel__Default=None",
            .. settings,
        ];
        if (history is not null)
        {
            await WriteAsync(history, HealthzConfiguration.Read(Settings.Of(all)));
        }

        return new DashboardServer(
            await ProbeInProcess.StartAsync(Settings.Of(all), Key, new FakeTimeProvider(InventedHistory.Now)), container);
    }

    /// <summary>The address of the dashboard or of another page, with <c>?code=</c>.</summary>
    public Uri Dashboard(string query = "", string page = "dashboard") => new(Client.BaseAddress!, $"/healthz/{page}?code={Key}{query}");

    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        await _container.DeleteIfExistsAsync(); // Azurite sorts all blobs that it has whenever it looks for one.
    }

    private static async Task WriteAsync(InventedHistory history, HealthzConfiguration configuration)
    {
        Assert.Empty(configuration.Problems);
        await using var services = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();
        await DemoHistory.WriteAsync(
            history.Records(configuration.Options),
            configuration.Options,
            services.GetRequiredService<IHistoryStorage>(),
            services.GetRequiredService<DocumentStore>(),
            TestContext.Current.CancellationToken);
    }
}
