using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>Starts probes that record on the real Azurite. Not a part of <see cref="RecordedProbe"/>, which fast tests use.</summary>
internal static class RecordedOnAzurite
{
    /// <summary>A probe with its own history.</summary>
    public static async Task<RecordedProbe> StartNewAsync(Services services, params string[] settings) =>
        new RecordedProbe(await services.CreateContainerAsync(), (await services.Azurite).ConnectionString, settings: settings);

    /// <summary>A probe with its own history behind a proxy.</summary>
    public static async Task<RecordedProbe> StartNewAsync(Services services, StorageProxy proxy, params string[] settings) =>
        new RecordedProbe(await services.CreateContainerAsync(), proxy.ConnectionString, settings: settings);

    /// <inheritdoc cref="StartNewAsync(Services, StorageProxy, string[])"/>
    public static async Task<RecordedProbe> StartNewAsync(Services services, FaultServer proxy, params string[] settings) =>
        new RecordedProbe(await services.CreateContainerAsync(), (await services.Azurite).ConnectionStringVia(proxy), settings: settings);
}
