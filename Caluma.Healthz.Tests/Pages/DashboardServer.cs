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
/// A Server of one database, cache and media storage, with a history that a test has invented, and a clock that stands still: so it records
/// nothing, and probes nothing.
/// </summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>Nothing that a page says by itself.</summary>
    public const string Key = "c4n4ry-key";

    private readonly RunningProbe _probe;

    private DashboardServer(RunningProbe probe) => _probe = probe;

    /// <summary>Sends the key with each request.</summary>
    public HttpClient Client => _probe.Client;

    /// <summary>How many requests it has sent to the storage of its history.</summary>
    public long StorageRequests => _probe.Services.GetRequiredService<IHistoryStorage>().Calls;

    /// <param name="services">Where the history is kept.</param>
    /// <param name="history">Null for one without a record.</param>
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

        return new DashboardServer(await RunningProbe.StartAsync(Settings.Of(all), Key, new FakeTimeProvider(InventedHistory.Now)));
    }

    /// <summary>The address of the dashboard, or of another page, with the key as people give it.</summary>
    public Uri Dashboard(string query = "", string page = "dashboard") => new(Client.BaseAddress!, $"/healthz/{page}?code={Key}{query}");

    public ValueTask DisposeAsync() => _probe.DisposeAsync();

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
