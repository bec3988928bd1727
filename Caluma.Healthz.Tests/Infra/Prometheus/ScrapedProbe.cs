using System.Net;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Server.Serving;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Tests.Infra.Prometheus;

/// <summary>
/// The server on a clock of its own, scraped each minute as Prometheus does: what it answers is what the rules get. Of its two databases
/// the one called <c>default</c> is the one that fails.
/// </summary>
internal sealed class ScrapedProbe : IAsyncDisposable
{
    private const string Key = "a-key-of-the-test";

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly ObservedTime _time;
    private readonly ServerFolder _folder;
    private readonly FaultServer _way;
    private readonly WebApplication _server;
    private readonly HttpClient _client;
    private readonly HttpClient _stranger;
    private readonly HttpClient _metrics;
    private readonly bool _hasHistory;

    private ScrapedProbe(
        ObservedTime time, ServerFolder folder, FaultServer way, WebApplication server, Uri metrics, bool hasHistory, Scrapes scrapes)
    {
        (_time, _folder, _way, _server, _hasHistory, Scrapes) = (time, folder, way, server, hasHistory, scrapes);
        _client = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        _client.DefaultRequestHeaders.Add("x-functions-key", Key);
        _stranger = new HttpClient { BaseAddress = _client.BaseAddress };
        _metrics = new HttpClient { BaseAddress = metrics };
    }

    /// <summary>What was scraped.</summary>
    public Scrapes Scrapes { get; }

    /// <summary>Where the history is, where there is one.</summary>
    public string History => _folder.PathOf("history");

    /// <param name="services">The real servers.</param>
    /// <param name="hasHistory">Whether it records, and so runs by itself.</param>
    /// <param name="settings">More settings.</param>
    public static Task<ScrapedProbe> StartAsync(Services services, bool hasHistory, params string[] settings) =>
        StartAsync(services, hasHistory, new Scrapes(), settings);

    /// <summary>Starts one in the place of another, whose scrapes go on.</summary>
    public static async Task<ScrapedProbe> StartAsync(Services services, bool hasHistory, Scrapes scrapes, params string[] settings)
    {
        var postgres = await services.Postgres;
        var way = FaultServer.Start(FaultMode.Proxy, postgres.EndPoint);
        var folder = new ServerFolder("scraped");
        var database = await services.CreateDatabaseAsync();
        string[] history = hasHistory ? [$"Healthz__History__Folder={folder.PathOf("history")}"] : [];
        var all = Settings.Of([
            "ENABLE_HEALTHZ_ENDPOINT=true", "Healthz__Checks=databases", "Healthz__MinInterval=0",
            $"Healthz__Databases__default={database.ConnectionStringVia(way)}",
            $"Healthz__Databases__archive={database.ConnectionString}",
            "Logging__LogLevel__Default=None", .. history, .. settings,
        ]);
        var configuration = HealthzConfiguration.Read(all);
        Assert.Empty(configuration.Problems);
        using var port = new PortReservation();
        var metrics = new MetricsAddress($"http://127.0.0.1:{port.Port}", port.Port);
        var time = new ObservedTime(Records.Noon);
        var server = HealthzServer.Create(
            all, configuration, new ListenAddresses(["http://127.0.0.1:0"], AreLoopback: true), new FunctionKeys(Key), metrics, time);
        await server.StartAsync();
        return new ScrapedProbe(time, folder, way, server, new Uri(metrics.Url), hasHistory, scrapes);
    }

    /// <summary>
    /// Lets minutes pass, a sign for each: <c>.</c> is one in which all passes, <c>x</c> one in which <c>default</c> fails, <c>_</c> one in
    /// which nobody asks.
    /// </summary>
    public async Task PassAsync(string minutes)
    {
        foreach (var sign in minutes)
        {
            _way.Mode = sign == 'x' ? FaultMode.Refused : FaultMode.Proxy;
            await PassMinuteAsync(asks: sign != '_');
            await ScrapeAsync();
        }
    }

    /// <summary>Lets time pass in which the machine sleeps, and a minute in which it runs and nobody scrapes.</summary>
    public async Task SleepAsync(TimeSpan time)
    {
        _time.AdjustTime(_time.GetUtcNow() + time);
        _time.Advance(_minute);
        await _time.UntilAwaitedAsync(_time.GetUtcNow() + _minute);
    }

    /// <summary>A run that the process has no time for.</summary>
    public void Starve() => _server.Services.GetRequiredService<RunMetrics>().CountRun(new RunReport(
        CheckSet.All,
        [CheckResult.WithoutVerdict(Check.Databases, "default", TimeSpan.Zero)],
        _time.GetUtcNow(),
        TimeSpan.Zero));

    /// <summary>A request with the key.</summary>
    public Task<HttpStatusCode> AskAsync() => AskAsync(_client);

    /// <summary>A request without the key.</summary>
    public Task<HttpStatusCode> AskWithoutKeyAsync() => AskAsync(_stranger);

    /// <summary>Minutes in which the server is gone.</summary>
    public async Task StopForAsync(int minutes)
    {
        await _server.StopAsync();
        for (var minute = 0; minute < minutes; minute++)
        {
            Scrapes.AddFailed();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _stranger.Dispose();
        _metrics.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _way.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/healthz/", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task PassMinuteAsync(bool asks)
    {
        var next = _time.GetUtcNow() + _minute;
        if (_hasHistory)
        {
            // It waits for the minute after only once all of this one is done.
            await _time.UntilAwaitedAsync(next);
            _time.SetUtcNow(next);
            await _time.UntilAwaitedAsync(next + _minute);
            return;
        }

        _time.SetUtcNow(next);
        if (asks)
        {
            await AskAsync();
        }
    }

    private async Task ScrapeAsync() =>
        Scrapes.Add(await _metrics.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken));
}
