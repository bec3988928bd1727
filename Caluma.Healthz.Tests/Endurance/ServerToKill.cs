using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>The plain server.</summary>
internal sealed class ServerToKill(CalumaDeployment caluma) : FrontDoorToKill(caluma)
{
    private readonly HttpClient _client = new();
    private HealthzProcess? _process;
    private Uri? _address;

    public override async Task StartAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _process = await HealthzProcess.StartAsync(Caluma.Settings, ["serve", "--urls", "http://127.0.0.1:0"]);
        _address = await _process.UntilListeningAsync();
    }

    public override Task KillAsync()
    {
        _process!.Send(Signal.Kill);
        return _process.UntilEndedAsync();
    }

    public override async Task StopAsync()
    {
        _process!.Send(Signal.Terminate);
        await _process.UntilEndedAsync();
    }

    public override IReadOnlyList<string> Logged(string eventName) =>
    [
        .. $"{_process!.Log}".Split('\n').Select(line => (Line: line, At: line.IndexOf($"{eventName} ", StringComparison.Ordinal)))
            .Where(found => found.At >= 0).Select(found => found.Line[found.At..]),
    ];

    public override async Task<(int Status, string Body)> AskAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address!, path));
        request.Headers.Add("x-functions-key", CalumaDeployment.Key);
        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
