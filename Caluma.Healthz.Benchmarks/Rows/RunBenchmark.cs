using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>How long a run takes when all is warm: against bare clients that do the same, and against the peer, which does less.</summary>
internal sealed class RunBenchmark : IBenchmark
{
    private const int Asks = 40;
    private const int Callers = 50;

    public string Name => "run";

    public string Summary => "a warm run, against bare clients and against AspNetCore.HealthChecks; 50 callers at once";

    public async IAsyncEnumerable<Row> MeasureAsync(Bench bench, int rounds)
    {
        const string peer = "AspNetCore.HealthChecks (2 targets)";
        var caluma = await bench.Caluma;
        await using var clients = await BareClients.ConnectAsync(caluma);
        await using var ours = AppProcess.StartProbe(await bench.Apps.ServerAsync(), caluma.Settings);
        await using var theirs = AppProcess.Start(await bench.Apps.PeerAsync(), caluma.PeerSettings);
        var withoutMedia = caluma.Settings;
        withoutMedia.Remove("Healthz__MediaStorage__ConnectionString");
        withoutMedia.Remove("Healthz__MediaStorage__Container");
        withoutMedia["Healthz__Checks"] = "databases,caches";
        await using var sameTargets = AppProcess.StartProbe(await bench.Apps.ServerAsync(), withoutMedia);
        using var ourConnection = await ours.ConnectAsync();
        using var theirConnection = await theirs.ConnectAsync();
        using var sameConnection = await sameTargets.ConnectAsync();
        var report = HttpConnection.Request("/healthz", CalumaServers.Key);
        var health = HttpConnection.Request("/health");
        var runs = await Bench.InterleaveAsync(
            rounds,
            () => MedianAsync(async () => (await ours.AskAsync(ourConnection, report)).Milliseconds),
            () => MedianAsync(clients.RunAsync),
            () => MedianAsync(async () => (await sameTargets.AskAsync(sameConnection, report)).Milliseconds),
            () => MedianAsync(async () => (await theirs.AskAsync(theirConnection, health)).Milliseconds));
        yield return new Row("a warm run of all five checks", "ms", runs[0]) { Against = "bare clients", Theirs = runs[1] };
        yield return new Row("a warm run, database and cache alone", "ms", runs[2]) { Against = peer, Theirs = runs[3] };
        var ourSessions = await SessionsAsync(caluma, ours, report);
        var theirSessions = await SessionsAsync(caluma, theirs, health);
        yield return new Row($"database sessions for {Callers} callers at once", "", new Samples(ourSessions))
        {
            Against = peer,
            Theirs = new Samples(theirSessions),
        };
    }

    private static async Task<double> MedianAsync(Func<Task<double>> ask)
    {
        var times = new List<double>();
        for (var i = 0; i < Asks; i++)
        {
            times.Add(await ask());
        }

        return new Samples(times).Median;
    }

    /// <summary>How many log-ins to the database so many callers at once cost.</summary>
    private static async Task<double> SessionsAsync(CalumaServers caluma, AppProcess app, ReadOnlyMemory<byte> request)
    {
        var connections = new List<HttpConnection>();
        for (var caller = 0; caller < Callers; caller++)
        {
            connections.Add(await app.ConnectAsync());
        }

        var before = await SettledAsync(caluma);
        await Task.WhenAll(connections.Select(connection => app.AskAsync(connection, request)));
        var after = await SettledAsync(caluma);
        connections.ForEach(connection => connection.Dispose());
        return after - before;
    }

    /// <summary>The log-ins so far, once PostgreSQL has counted all: it does so within a second.</summary>
    private static async Task<long> SettledAsync(CalumaServers caluma)
    {
        var (count, since) = (-1L, 0);
        while (since < 4)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5));
            var next = await caluma.Database.CountSessionsAsync();
            (count, since) = (next, next == count ? since + 1 : 0);
        }

        return count;
    }
}
