using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Server.Serving;

[Slow]
public sealed class GracefulShutdownTests(Services services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_in_flight_is_answered_before_the_process_ends()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Timeout"] = "00:00:55";
        deployment.Settings["Logging:Console:LogLevel:Default"] = "Information";
        deployment.Settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        await using var process = await HealthzProcess.StartAsync(deployment.Settings, ["serve", "--urls", "http://127.0.0.1:0"]);
        await process.UntilLoggedAsync("Hosting environment: Production");
        using var client = new HttpClient { BaseAddress = await process.UntilListeningAsync() };
        client.DefaultRequestHeaders.Add("x-functions-key", CalumaDeployment.Key);

        await using var tableLock = await TableLock.TakeAsync(deployment.Database, "caluma_logging_accesslog");
        var answering = client.GetAsync(new Uri("/healthz/", UriKind.Relative), Cancel);
        await Deadline.UntilAsync("the run waits for the lock", () => deployment.Database.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"));
        process.Send(Signal.Terminate);
        await Deadline.UntilAsync("it takes no more requests", () => IsRefusedAsync(client.BaseAddress));
        Assert.False(answering.IsCompleted);
        await tableLock.DisposeAsync();

        using var response = await answering;
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(5, Report.Read(200, body.RootElement).Verdicts.Count);
        await process.UntilEndedAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.True(await IsRefusedAsync(client.BaseAddress));
    }

    private static async Task<bool> IsRefusedAsync(Uri server)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(server.Host, server.Port, Cancel);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
