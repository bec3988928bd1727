using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>A <see cref="WrittenHistory"/> in a container of its own on a real Azurite.</summary>
internal static class AzuriteHistory
{
    /// <param name="services">Where the Azurite is.</param>
    /// <param name="now">What the clock says.</param>
    /// <param name="settings">Besides those that make a history of the check <c>databases</c>.</param>
    public static async Task<WrittenHistory> CreateAsync(Services services, DateTimeOffset now, params string[] settings)
    {
        var container = await services.CreateContainerAsync();
        return new WrittenHistory(new FakeTimeProvider(now), container,
        [
            $"Healthz__History__ConnectionString={(await services.Azurite).ConnectionString}",
            $"Healthz__History__Container={container.Name}",
            .. settings,
        ]);
    }
}
