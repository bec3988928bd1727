using System.Diagnostics;
using System.Globalization;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>
/// <c>./dev endure --kills</c>, whose process this is: kills each front door again and again, several at a time, as each waits for its
/// next run most of the time.
/// </summary>
internal static class KillCommand
{
    /// <summary>The first argument; the other is how many kills of each front door.</summary>
    public const string Command = "kill";

    private const int LanesOfServer = 8;
    private const int LanesOfFunctions = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        var kills = int.Parse(args[1], CultureInfo.InvariantCulture);
        await using var services = new Services();
        var wrong = await RunAsync(services, kills, LanesOfServer, isFunctions: false);
        wrong = [.. wrong, .. await RunAsync(services, kills, LanesOfFunctions, isFunctions: true)];
        Console.WriteLine(wrong.Count == 0 ? "All holds." : string.Join('\n', wrong));
        return wrong.Count == 0 ? 0 : 1;
    }

    /// <summary>Kills a front door.</summary>
    /// <param name="services">The servers.</param>
    /// <param name="kills">How many times.</param>
    /// <param name="lanes">How many of it at once. Every other server records in a folder.</param>
    /// <param name="isFunctions">Whether it is the Functions app.</param>
    /// <returns>What does not hold in the end.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(Services services, int kills, int lanes, bool isFunctions)
    {
        var started = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane =>
            RunLaneAsync(services, (kills + lanes - 1 - lane) / lanes, lane, isFunctions)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{kills} kills in {Stopwatch.GetElapsedTime(started).TotalMinutes:0.0} minutes"));
        return [.. all.SelectMany(wrong => wrong)];
    }

    private static async Task<IReadOnlyList<string>> RunLaneAsync(Services services, int kills, int lane, bool isFunctions)
    {
        await using var caluma = await CalumaDeployment.CreateAsync(services);
        await using var database = FaultServer.Start(FaultMode.Proxy, (await services.Postgres).EndPoint);
        var history = await services.CreateContainerAsync();
        using var folder = new ServerFolder("killed");
        caluma.Settings["Healthz:Databases:default"] = caluma.Database.ConnectionStringVia(database);
        caluma.Settings["HEALTHZ_SCHEDULE"] = "*/5 * * * * *";
        caluma.Settings.Remove("Logging:Console:LogLevel:Default");
        if (isFunctions)
        {
            caluma.Settings.Remove("HEALTHZ_FUNCTION_KEYS");
        }

        if (!isFunctions && lane % 2 == 1)
        {
            caluma.Settings["Healthz:History:Folder"] = folder.PathOf("history");
        }
        else
        {
            caluma.Settings["Healthz:History:ConnectionString"] = (await services.Azurite).ConnectionString;
            caluma.Settings["Healthz:History:Container"] = history.Name;
        }

        await using FrontDoorToKill door = isFunctions ? new FunctionsToKill(caluma) : new ServerToKill(caluma);
        var run = new KillLane(caluma, door, database, seed: lane);
        await run.RunAsync(kills);
        var end = new KilledHistory(caluma, run.Acknowledged, run.InRun + run.InRecord + run.Late);
        IReadOnlyList<string> wrong = [.. run.Wrong, .. await end.FindWrongAsync()];
        Console.WriteLine($"{run}, {end.Unacknowledged} recorded and not acknowledged, {end.Torn} torn lines");
        await history.DeleteIfExistsAsync();
        return [.. wrong.Select(what => $"{run}: {what}")];
    }
}
