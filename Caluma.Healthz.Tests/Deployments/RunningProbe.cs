using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Server.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>A probe that answers over HTTP: the Server in this process, on a free port.</summary>
internal sealed class RunningProbe : IAsyncDisposable
{
    /// <summary>How long after the timeout the answer must be sent.</summary>
    public static readonly TimeSpan OnTheWire = TimeSpan.FromSeconds(0.5);

    private readonly WebApplication _server;

    private RunningProbe(WebApplication server, string key, FakeLogCollector log)
    {
        _server = server;
        Log = log;
        Client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        Client.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <summary>Sends the key with each request.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _server.Services;

    /// <summary>Its log.</summary>
    public FakeLogCollector Log { get; }

    /// <summary>Its background services.</summary>
    public IEnumerable<IHostedService> HostedServices => _server.Services.GetServices<IHostedService>();

    /// <param name="settings">The settings.</param>
    /// <param name="key">One of its keys.</param>
    /// <param name="time">Its clock; null for the system clock. A clock that stands still records nothing.</param>
    public static async Task<RunningProbe> StartAsync(IConfiguration settings, string key, TimeProvider? time = null)
    {
        var log = new FakeLogCollector();
        using var provider = new FakeLoggerProvider(log);
        var server = HealthzServer.Create(
            settings,
            HealthzConfiguration.Read(settings),
            new ListenAddresses(["http://127.0.0.1:0"], AreLoopback: true),
            FunctionKeys.Parse(settings["HEALTHZ_FUNCTION_KEYS"], settings["HEALTHZ_VIEW_KEYS"]),
            time: time,
            logging: provider);
        await server.StartAsync();
        return new RunningProbe(server, key, log);
    }

    /// <summary>Requests the report.</summary>
    public async Task<Report> ReportAsync(string query = "")
    {
        using var response = await Client.GetAsync(new Uri($"/healthz/{query}", UriKind.Relative));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return Report.Read((int)response.StatusCode, body.RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
