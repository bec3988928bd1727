using System.Text.Json;
using Azure.Storage.Blobs;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Server.Commands;
using Caluma.Healthz.Tests.Servers;
using Npgsql;

namespace Caluma.Healthz.Tests.Scenarios;

/// <summary>A healthy Caluma that a scenario changes, with the servers for that.</summary>
internal sealed class Arrangement : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly CalumaDeployment _caluma;

    private Arrangement(Services services, CalumaDeployment caluma)
    {
        Services = services;
        _caluma = Own(caluma);
    }

    public Services Services { get; }

    public PostgresDatabase Database => _caluma.Database;

    public RedisDatabase Cache => _caluma.Cache;

    public BlobContainerClient Container => _caluma.Container;

    public Dictionary<string, string?> Settings => _caluma.Settings;

    /// <summary>A port without a listener.</summary>
    public int ClosedPort => Own(FaultServer.Start(FaultMode.Refused)).Port;

    /// <summary>A port that accepts connections and answers nothing; sets a short timeout.</summary>
    public int HangingPort
    {
        get
        {
            GiveUpSoon();
            return Own(FaultServer.Start(FaultMode.AcceptsAndNeverAnswers)).Port;
        }
    }

    public static async Task<Arrangement> CreateAsync(Services services) => new(services, await CalumaDeployment.CreateAsync(services));

    /// <summary>Tests a recorded scenario: the answer, the log, and that nothing is left behind.</summary>
    public static async Task TestAsync(Services services, Scenario scenario)
    {
        await using var arrangement = await CreateAsync(services);
        await scenario.Arrange(arrangement);
        if (scenario.Ours == Scenario.Invalid && ProbeFormAttribute.Current is not null)
        {
            // As a server of its own it does not even start.
            var serve = await CommandLine.RunAsync(arrangement._caluma.Configuration(), "serve", "--urls", "http://127.0.0.1:0");
            Assert.Equal(ExitCode.Invalid, serve.ExitCode);
            Assert.StartsWith("The configuration is invalid:", serve.Error, StringComparison.Ordinal);
            return;
        }

        await using var probe = await arrangement.StartProbeAsync();

        await AssertAsync(scenario, probe);
        await arrangement.AssertNothingIsLeftAsync();
    }

    /// <summary>Requests the report, and compares answer and log with the scenario.</summary>
    public static Task AssertAsync(Scenario scenario, RunningProbe probe)
    {
        var timeouts = scenario.Reason == Reason.Timeout ? scenario.Ours!.Failed.Count() : 0;
        return Stall.RepeatAsync(
            () => AssertOnceAsync(scenario, probe),
            () => probe.HasStarved() || probe.ReasonCodes().Count(code => code == Reason.Timeout.Code()) > timeouts);
    }

    public static async Task AssertHealthyAsync(RunningProbe probe) =>
        Assert.Equal(Scenario.Healthy.Verdicts, (await probe.ReportAsync()).Verdicts);

    /// <summary>Disposes of something at the end, in reverse order.</summary>
    public T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Push(owned);
        return owned;
    }

    public Task<RunningProbe> StartProbeAsync() => _caluma.StartProbeAsync();

    /// <summary>Sets a timeout that passes while the test waits.</summary>
    public void GiveUpSoon() => _caluma.Timeout = CalumaDeployment.HangTimeout;

    /// <summary>Sets the database in Caluma's own settings; by default the healthy one.</summary>
    public void SetDatabase(string? host = null, int? port = null, string? user = null, string? password = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        Settings.Remove("Healthz:Databases:default");
        Settings["DATABASE_HOST"] = host ?? settings.Host;
        Settings["DATABASE_PORT"] = $"{port ?? settings.Port}";
        Settings["DATABASE_NAME"] = Database.Name;
        Settings["DATABASE_USER"] = user ?? settings.Username;
        Settings["DATABASE_PASSWORD"] = password ?? settings.Password;
    }

    /// <summary>Sets the cache in Caluma's own settings.</summary>
    public void SetCache(string location, string backend = "django_redis.cache.RedisCache")
    {
        Settings.Remove("Healthz:Caches:default");
        Settings["CACHE_BACKEND"] = backend;
        Settings["CACHE_LOCATION"] = location;
    }

    /// <summary>Sets the media storage.</summary>
    public void SetMediaStorage(string connectionString) => Settings["Healthz:MediaStorage:ConnectionString"] = connectionString;

    public async Task AssertNothingIsLeftAsync()
    {
        const string Table = "caluma_logging_accesslog";
        if (await Database.ScalarAsync<bool>($"SELECT to_regclass('{Table}') IS NOT NULL"))
        {
            Assert.Equal(0, await Database.ScalarAsync<long>($"SELECT count(*) FROM {Table}"));
        }

        Assert.Equal(0, await Cache.CountKeysAsync());
        Assert.Empty(Container.GetBlobs());
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
        {
            await owned.DisposeAsync();
        }
    }

    private static async Task AssertOnceAsync(Scenario scenario, RunningProbe probe)
    {
        probe.Log.Clear();
        var report = await AskAsync(probe, scenario.Request);

        Assert.Equal(scenario.Ours!.Status, report.Status);
        Assert.Equal(scenario.Ours.Verdicts, report.Verdicts);
        Assert.Equal(
            scenario.Reason is { } reason ? report.Failed.Select(_ => reason.Code()) : [],
            probe.ReasonCodes());
    }

    private static async Task<Report> AskAsync(RunningProbe probe, string request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Split(' ')[0]), new Uri(request.Split(' ')[1], UriKind.Relative));
        using var response = await probe.Client.SendAsync(message);
        var body = await response.Content.ReadAsStringAsync();
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return new Report((int)response.StatusCode, []);
        }

        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("message", out var error)
            ? new Report((int)response.StatusCode, [error.GetString()!])
            : Report.Read((int)response.StatusCode, json.RootElement);
    }
}
