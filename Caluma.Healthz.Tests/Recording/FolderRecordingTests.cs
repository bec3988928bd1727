using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>A server in a process of its own records into a folder, is stopped, restarted and killed; commands read the records.</summary>
[Slow]
public sealed class FolderRecordingTests(Services services)
{
    private const string Recorded = "HealthzRunRecorded";

    [Fact]
    public async Task What_a_server_has_recorded_outlives_it_and_is_read_by_the_commands()
    {
        using var folder = new ServerFolder("recording");
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:History:Folder"] = folder.PathOf("history");
        deployment.Settings["HEALTHZ_SCHEDULE"] = "*/5 * * * * *";
        deployment.Settings["Logging:Console:LogLevel:Default"] = "Information";

        // The stopped one gives up its lease, for which the next one would have to wait.
        await using (var stopped = await ServeAsync(deployment))
        {
            await stopped.UntilLoggedAsync(Recorded);
            stopped.Send(Signal.Terminate);
            await stopped.UntilEndedAsync();
            Assert.Equal(ExitCode.Healthy, stopped.ExitCode);
        }

        await using (var killed = await ServeAsync(deployment))
        {
            await killed.UntilLoggedAsync(Recorded);
        }

        var lines = (await RunAsync(deployment, "history", "--format", "jsonl")).Split('\n').Count(line => line.StartsWith('{'));
        Assert.InRange(lines, 2, 1000);
        Assert.Contains("databases", await RunAsync(deployment, "history"), StringComparison.Ordinal);
        Assert.Contains("\"checks\":[", await RunAsync(deployment, "trend", "--format", "json"), StringComparison.Ordinal);
        Assert.Contains("Newest record ", await RunAsync(deployment, "trend"), StringComparison.Ordinal);
    }

    private static Task<HealthzProcess> ServeAsync(CalumaDeployment deployment) =>
        HealthzProcess.StartAsync(deployment.Settings, ["serve", "--urls", "http://127.0.0.1:0"]);

    private static async Task<string> RunAsync(CalumaDeployment deployment, params string[] args)
    {
        await using var process = await HealthzProcess.RunAsync(deployment.Settings, args);
        Assert.NotEqual(ExitCode.Invalid, process.ExitCode);
        return $"{process.Log}";
    }
}
