using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>The Functions app on a healthy Caluma with its own history, in a double of the host.</summary>
internal static class FunctionsDeployment
{
    /// <summary>A deployment with a history, and a timer that does not fire during a test.</summary>
    public static async Task<CalumaDeployment> CreateAsync(Services services)
    {
        var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings.Remove("HEALTHZ_FUNCTION_KEYS");
        deployment.Settings["HEALTHZ_SCHEDULE"] = "0 0 0 1 1 *";
        deployment.Settings["Healthz:History:ConnectionString"] = (await services.Azurite).ConnectionString;
        deployment.Settings["Healthz:History:Container"] = deployment.Container.Name + "-history";
        return deployment;
    }

    /// <summary>The folder of the app that was built with these tests.</summary>
    private static string App => Path.Combine(Repository.Root, "Caluma.Healthz.Functions", Path.GetRelativePath(
        Path.Combine(Repository.Root, "Caluma.Healthz.Tests"), AppContext.BaseDirectory));

    /// <summary>Starts the app.</summary>
    public static Task<FunctionsHost> StartFunctionsAsync(
        this CalumaDeployment deployment, bool ticks = false, params IReadOnlyList<string> launcher) =>
        FunctionsHost.StartAsync(App, deployment.Settings, CalumaDeployment.Key, ticks, launcher);

    /// <summary>Requests a route.</summary>
    /// <returns>The status and the body.</returns>
    public static async Task<(int Status, string Body)> AskAsync(
        this FunctionsHost host, string path, CancellationToken cancellationToken = default)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>The logged messages of an event.</summary>
    public static IReadOnlyList<string> Logged(this FunctionsHost host, string eventName) =>
        [.. host.Log.Where(line => line.EventName == eventName).Select(line => line.Message)];

    /// <summary>The warnings and errors, without those about rules that cannot trigger on a test's sparse schedule.</summary>
    public static IReadOnlyList<string> Troubles(this FunctionsHost host) =>
    [
        .. host.Log.Where(line => line.Level >= LogLevel.Warning && line.EventName != "HealthzRuleCannotTrigger")
            .Select(line => $"{line.Category}: {line.Message}"),
    ];
}
