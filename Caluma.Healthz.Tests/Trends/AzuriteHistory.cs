using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>A <see cref="WrittenHistory"/> in its own container on a real Azurite.</summary>
internal static class AzuriteHistory
{
    /// <param name="services">The servers.</param>
    /// <param name="now">The time of the clock.</param>
    /// <param name="settings">Settings besides those of a history of the check <c>databases</c>.</param>
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
