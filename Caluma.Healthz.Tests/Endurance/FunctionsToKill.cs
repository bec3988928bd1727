using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Functions;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>
/// The worker of the Functions app under the double of the host, which starts it again, and gives up after the third time.
/// </summary>
internal sealed class FunctionsToKill(CalumaDeployment caluma) : FrontDoorToKill(caluma)
{
    private FunctionsHost? _host;
    private int _from;

    public override async Task StartAsync()
    {
        if (_host is null or { HasGivenUp: true })
        {
            await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
            _host = await Caluma.StartFunctionsAsync(ticks: true);
        }

        _from = _host.Log.Count;
    }

    public override Task KillAsync() => _host!.KillWorkerAsync();

    public override Task StopAsync() => _host!.StopAsync();

    public override IReadOnlyList<string> Logged(string eventName) =>
        [.. _host!.Log.Skip(_from).Where(line => line.EventName == eventName).Select(line => line.Message)];

    public override Task<(int Status, string Body)> AskAsync(string path) => _host!.AskAsync(path);

    public override ValueTask DisposeAsync() => _host?.DisposeAsync() ?? ValueTask.CompletedTask;
}
