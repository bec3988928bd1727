using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>One Functions app on a healthy Caluma for all tests that only send requests.</summary>
[CollectionDefinition(nameof(FunctionsApp))]
public sealed class FunctionsApp(Services services) : IAsyncLifetime, ICollectionFixture<FunctionsApp>
{
    private CalumaDeployment _deployment = null!;

    /// <summary>Sends no key.</summary>
    public HttpClient Client { get; } = new();

    internal FunctionsHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _deployment = await FunctionsDeployment.CreateAsync(services);
        Host = await _deployment.StartFunctionsAsync();
        Client.BaseAddress = Host.Client.BaseAddress;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        await _deployment.DisposeAsync();
    }
}
