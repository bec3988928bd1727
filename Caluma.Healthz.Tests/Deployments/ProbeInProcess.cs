using Caluma.Healthz.Configuration;
using Caluma.Healthz.Server.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>The Server in this process.</summary>
internal sealed class ProbeInProcess : RunningProbe
{
    private readonly WebApplication _server;

    private ProbeInProcess(WebApplication server, string key, FakeLogCollector log)
        : base(new Uri(server.Urls.Single()), key, log, new SocketsHttpHandler()) => _server = server;

    public IServiceProvider Services => _server.Services;

    /// <summary>What runs in it besides the answering.</summary>
    public IEnumerable<IHostedService> HostedServices => _server.Services.GetServices<IHostedService>();

    /// <inheritdoc cref="RunningProbe.StartAsync(IConfiguration, string)"/>
    /// <param name="settings">What it is started with.</param>
    /// <param name="key">One of its keys.</param>
    /// <param name="time">Its clock; null for that of the machine. One that stands still records nothing.</param>
    public static async Task<ProbeInProcess> StartAsync(IConfiguration settings, string key, TimeProvider? time = null)
    {
        var log = new FakeLogCollector();
        using var provider = new FakeLoggerProvider(log);
        var server = HealthzServer.Create(
            settings,
            HealthzConfiguration.Read(settings),
            new ListenAddresses(["http://127.0.0.1:0"], AreLoopback: true),
            new FunctionKeys(settings["HEALTHZ_FUNCTION_KEYS"], settings["HEALTHZ_VIEW_KEYS"]),
            time: time,
            logging: provider);
        await server.StartAsync();
        return new ProbeInProcess(server, key, log);
    }

    protected override async Task StopAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
