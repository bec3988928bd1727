using Caluma.Healthz.Tests.Deployments;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>A front door in a process of its own that records on its schedule, and is killed and started again.</summary>
internal abstract class FrontDoorToKill(CalumaDeployment caluma) : IAsyncDisposable
{
    protected CalumaDeployment Caluma => caluma;

    /// <summary>Starts it, or waits until what starts it again has done so.</summary>
    public abstract Task StartAsync();

    /// <summary>Kills it at once, and waits until it is gone.</summary>
    public abstract Task KillAsync();

    /// <summary>Ends it as whoever runs it does.</summary>
    public abstract Task StopAsync();

    /// <summary>The messages of an event of the processes since <see cref="StartAsync"/>.</summary>
    public abstract IReadOnlyList<string> Logged(string eventName);

    /// <summary>Requests a route.</summary>
    public abstract Task<(int Status, string Body)> AskAsync(string path);

    public abstract ValueTask DisposeAsync();
}
