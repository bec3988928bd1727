using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Http;

/// <summary>The front door of the contract tests: the one that the environment names, else a Server in this process.</summary>
public sealed class ContractTarget(Services services) : IAsyncLifetime
{
    private CalumaDeployment? _deployment;
    private RunningProbe? _probe;

    public HttpClient Client { get; } = new();

    public string Key { get; private set; } = Environment.GetEnvironmentVariable("HEALTHZ_TEST_KEY") ?? "";

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("HEALTHZ_TEST_URL") is { Length: > 0 } url)
        {
            Client.BaseAddress = new Uri(url);
            return;
        }

        _deployment = await CalumaDeployment.CreateAsync(services);
        _deployment.Settings["Healthz:History:ConnectionString"] = (await services.Azurite).ConnectionString;
        _deployment.Settings["Healthz:History:Container"] = _deployment.Container.Name + "-history";
        _probe = await _deployment.StartProbeAsync();
        Key = CalumaDeployment.Key;
        Client.BaseAddress = _probe.Client.BaseAddress;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_deployment is not null)
        {
            await _probe!.DisposeAsync();
            await _deployment.DisposeAsync();
        }
    }
}
