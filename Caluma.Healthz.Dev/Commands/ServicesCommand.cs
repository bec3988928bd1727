using System.Net.Sockets;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev services</c>: starts the servers of local.settings.json.example on its ports, and stays.</summary>
internal sealed class ServicesCommand(Workspace workspace, Steps steps)
{
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        if (args is [var first, ..])
        {
            throw new DevException($"{first} is not an option here; ./dev help lists them.");
        }

        using var alone = OneAtATime.Enter(workspace);
        using var postgres = Reserve(LocalServers.PostgresPort);
        using var redis = Reserve(LocalServers.RedisPort);
        using var azurite = Reserve(LocalServers.AzuritePort);
        await new Requirements(workspace, steps).EnsureAsync([Need.Postgres, Need.Redis, Need.Azurite], cancellationToken);
        await using var servers = new LocalServers(workspace);
        await steps.RunAsync(
            "starting postgres, redis and azurite",
            _ => Task.WhenAll(
                servers.StartPostgresAsync(postgres),
                servers.StartRedisAsync(redis),
                servers.StartAzuriteAsync(azurite, new ProbeSettings(_ => null).MediaContainer)),
            cancellationToken);
        steps.Report(
            "the servers are running; next: cp local.settings.json.example Caluma.Healthz.Functions/local.settings.json, "
            + "then func start in Caluma.Healthz.Functions");
        steps.Report("Ctrl-C stops them");
        await servers.AnyEnded.WaitAsync(cancellationToken);
        throw new DevException("a server ended by itself.");
    }

    private static PortReservation Reserve(int port)
    {
        try
        {
            return PortReservation.At(port);
        }
        catch (SocketException)
        {
            throw new DevException($"port {port}, which local.settings.json.example names, is taken; please stop what listens there.");
        }
    }
}
