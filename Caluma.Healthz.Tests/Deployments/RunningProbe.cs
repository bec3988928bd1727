using System.Text.Json;
using Caluma.Healthz.Tests.Forms;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>A probe that answers over HTTP, on a free port.</summary>
internal abstract class RunningProbe : IAsyncDisposable
{
    /// <summary>How long after the timeout the answer must be sent.</summary>
    public static readonly TimeSpan OnTheWire = TimeSpan.FromSeconds(0.5);

    protected RunningProbe(Uri address, string key, FakeLogCollector log, HttpMessageHandler handler)
    {
        Log = log;
        Client = new HttpClient(handler) { BaseAddress = address };
        Client.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <summary>Sends the key with each request.</summary>
    public HttpClient Client { get; }

    /// <summary>Its log.</summary>
    public FakeLogCollector Log { get; }

    /// <summary>Starts it in the form that the test class is marked with.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="key">One of its keys.</param>
    public static async Task<RunningProbe> StartAsync(IConfiguration settings, string key) =>
        ProbeFormAttribute.Current is { } form ? await form.StartAsync(settings, key) : await ProbeInProcess.StartAsync(settings, key);

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
        await StopAsync();
    }

    /// <summary>Stops it as whoever runs it does.</summary>
    protected abstract Task StopAsync();
}
