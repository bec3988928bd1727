using Caluma.Healthz.Tests.Infra;

[assembly: AssemblyFixture(typeof(Deployments))]

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Deployments for several tests, each predicted once.</summary>
public sealed class Deployments
{
    private readonly Lazy<Task<Deployment>> _plain = new(() => Deployment.PredictAsync());
    private readonly Lazy<Task<Deployment>> _asItComes = new(() => Deployment.PredictAsync("// Nothing more."));
    private readonly Lazy<Task<Deployment>> _full = new(() => Deployment.PredictAsync(
        "param networking = 'new'",
        "param databases = ['default', 'archive']",
        "param caches = ['default']",
        "param maintenance = ['2026-11-22T00:00:00Z/2026-11-22T02:00:00Z']",
        "param settings = { Healthz__Checks: 'caches,databases', Healthz__MinInterval: '00:00:02' }",
        "param mediaStorageAccount = 'calumamedia'",
        "param mediaStorageResourceGroup = 'caluma'",
        "param alertWebhook = 'https://chat.example/hook'",
        "param availabilityTest = true",
        "param availabilityKey = 'a key'",
        "param availabilityLocations = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'emea-ch-zrh-edge']",
        "param alwaysReadyInstances = 1",
        "param runbook = 'https://example.com/runbook.md'",
        "param zoneRedundant = true",
        "param storageSku = 'Standard_ZRS'",
        "param rollingUpdates = true"));

    /// <summary>With the parameters of main.bicepparam.</summary>
    internal Task<Deployment> Plain => _plain.Value;

    /// <summary>Only with the required parameters.</summary>
    internal Task<Deployment> AsItComes => _asItComes.Value;

    /// <summary>With all options on.</summary>
    internal Task<Deployment> Full => _full.Value;
}
