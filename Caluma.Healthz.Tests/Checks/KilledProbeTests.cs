using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>A process that is killed during a run leaves nothing, or something that expires or that a later run sweeps.</summary>
[Slow]
public sealed class KilledProbeTests(Services services)
{
    /// <summary>Forwards the request, and one byte of the answer.</summary>
    private static FaultMode HoldsAnswers => FaultMode.SlowDrip(TimeSpan.FromSeconds(1), new FakeTimeProvider());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TRIGGER held AFTER INSERT", "")]
    [InlineData("TRIGGER held AFTER UPDATE", "")]
    [InlineData("TRIGGER held AFTER DELETE", "")]
    [InlineData("CONSTRAINT TRIGGER held AFTER INSERT", "DEFERRABLE INITIALLY DEFERRED")] // The COMMIT.
    public async Task A_kill_at_any_point_of_the_models_check_leaves_no_row(string trigger, string when)
    {
        await using var caluma = await CreateAsync();
        await caluma.Database.ExecuteAsync(
            $"""
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END';
            CREATE {trigger} ON caluma_logging_accesslog {when} FOR EACH ROW EXECUTE FUNCTION hold();
            """);
        await using (await ClaimAsync(caluma.Database))
        {
            await using var probe = await HealthzProcess.StartAsync(caluma.Settings, ["check"]);
            await UntilItWaitsAsync(caluma.Database);
            await KillAsync(probe);
        }

        await UntilItIsGoneAsync(caluma.Database);
        Assert.Equal(0, await caluma.Database.ScalarAsync<long>("SELECT count(*) FROM caluma_logging_accesslog"));
    }

    [Fact]
    public async Task A_killed_probe_leaves_no_session_that_waits_for_a_lock()
    {
        await using var caluma = await CreateAsync();
        caluma.Timeout = CalumaDeployment.HangTimeout;
        await using var held = await TableLock.TakeAsync(caluma.Database, "caluma_logging_accesslog");
        await using var probe = await HealthzProcess.StartAsync(caluma.Settings, ["check"]);
        await UntilItWaitsAsync(caluma.Database);

        await KillAsync(probe);

        await UntilItIsGoneAsync(caluma.Database);
    }

    [Fact]
    public async Task A_killed_probe_leaves_only_a_key_that_expires()
    {
        await using var caluma = await CreateAsync();

        // Before it selects another database, the probe would wait for an answer.
        await using var server = await RedisServer.StartNewAsync();
        var cache = new RedisDatabase(server, 0);
        await using var proxy = FaultServer.Start(FaultMode.Proxy, server.EndPoint);
        caluma.Settings["Healthz:Caches:default"] = cache.ConnectionStringVia(proxy);
        await KillWhileItWaitsAsync(caluma, proxy, async () => await cache.CountKeysAsync() == 1);

        Assert.InRange(Assert.Single(await cache.SecondsLeftAsync()), 1, 60);
    }

    [Fact]
    public async Task The_sweep_deletes_the_object_of_a_killed_probe_after_an_hour_and_nothing_else()
    {
        const string NotOurs = "family-photo.jpg";
        await using var caluma = await CreateAsync();
        var azurite = await services.Azurite;
        await using (var proxy = FaultServer.Start(FaultMode.Proxy, azurite.EndPoint))
        {
            caluma.Settings["Healthz:MediaStorage:ConnectionString"] = azurite.ConnectionStringVia(proxy);
            await KillWhileItWaitsAsync(caluma, proxy, () => Task.FromResult(caluma.Container.GetBlobs().Any()));
        }

        caluma.Settings["Healthz:MediaStorage:ConnectionString"] = azurite.ConnectionString;
        var left = Assert.Single(Objects(caluma));
        Assert.StartsWith("healthz_tmp-object_", left, StringComparison.Ordinal);
        await caluma.Container.UploadBlobAsync(NotOurs, BinaryData.FromString("smile"), Cancel);

        await RunAtAsync(caluma, DateTimeOffset.UtcNow);
        Assert.Equal([NotOurs, left], Objects(caluma));

        await RunAtAsync(caluma, DateTimeOffset.UtcNow.AddHours(2));
        Assert.Equal([NotOurs], Objects(caluma));
    }

    /// <remarks>The timeout is long, so that only the kill ends the run.</remarks>
    private async Task<CalumaDeployment> CreateAsync()
    {
        var caluma = await CalumaDeployment.CreateAsync(services);
        caluma.Settings["Healthz:Timeout"] = "00:00:50";
        return caluma;
    }

    private static async Task<NpgsqlConnection> ClaimAsync(PostgresDatabase database)
    {
        var connection = new NpgsqlConnection($"{database.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(1)", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    private static Task UntilItWaitsAsync(PostgresDatabase database) => Deadline.UntilAsync(
        "the probe waits for the lock",
        () => database.ScalarAsync<bool>(
            $"""
            SELECT EXISTS (
                SELECT FROM pg_stat_activity
                WHERE application_name = 'caluma-healthz' AND datname = current_database() AND wait_event_type = 'Lock')
            """));

    private static Task UntilItIsGoneAsync(PostgresDatabase database) => Deadline.UntilAsync(
        "nothing of the probe is left on the server", async () => await database.CountConnectionsAsync("caluma-healthz") == 0);

    /// <summary>Kills a process after its request was executed and before it gets the answer.</summary>
    private static async Task KillWhileItWaitsAsync(CalumaDeployment caluma, FaultServer proxy, Func<Task<bool>> done)
    {
        caluma.Settings.Remove("Logging:Console:LogLevel:Default");
        await using var probe = await HealthzProcess.StartAsync(caluma.Settings, ["serve", "--urls", "http://127.0.0.1:0", "--no-auth"]);
        var healthz = new Uri(await probe.UntilListeningAsync(), "/healthz/");
        using var client = new HttpClient();
        Assert.True((await client.GetAsync(healthz, Cancel)).IsSuccessStatusCode);

        proxy.Mode = HoldsAnswers;
        var asking = client.GetAsync(healthz, Cancel);
        await Deadline.UntilAsync("what the probe asked for is done", done);
        await KillAsync(probe);

        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
    }

    private static Task KillAsync(HealthzProcess probe)
    {
        probe.Send(Signal.Kill);
        return probe.UntilEndedAsync();
    }

    private static List<string> Objects(CalumaDeployment caluma) => [.. caluma.Container.GetBlobs().Select(blob => blob.Name)];

    private static async Task RunAtAsync(CalumaDeployment caluma, DateTimeOffset time)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(new FakeTimeProvider(time))
            .AddHealthz(HealthzConfiguration.Read(caluma.Configuration()))
            .BuildServiceProvider();

        Assert.True((await services.GetRequiredService<IRunner>().RunAsync(CheckSet.Of(Check.MediaStorageService), Cancel)).Ok);
    }
}
