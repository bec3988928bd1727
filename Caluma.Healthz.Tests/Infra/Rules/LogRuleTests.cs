using System.Text;
using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Tests.Functions;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Infra.Rules;

/// <summary>
/// Each log alert of Azure fires, and resolves, upon what the recorder or the worker itself has logged. A sign for each minute says what
/// happens in it, and one in the answer whether the rule fires after it.
/// </summary>
[Slow]
public sealed class LogRuleTests(Deployments deployments, KqlEngine kql, Services services)
{
    private const string FiresAndResolves = @"^\.+!+\.+$";

    private readonly LogTables _log = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Fires("alert-critical", "workbook-incidents", "workbook-alerts")]
    [Resolves("alert-critical", "workbook-incidents", "workbook-alerts")]
    public async Task An_outage_fires_until_it_is_over()
    {
        var said = await RecordAsync("alert-critical", "....xxxxx" + new string('.', 25));

        Assert.Matches(@"^\.{6}!+\.+$", said);
        Assert.Equal(["Opened", "Resolved"], await ColumnAsync("workbook-incidents", "State"));
        Assert.Equal(["fired", "resolved"], await ColumnAsync("workbook-alerts", "State"));
    }

    [Fact]
    [Fires("alert-warning")]
    [Resolves("alert-warning")]
    public async Task What_flaps_fires_until_it_is_steady() => Assert.Matches(
        FiresAndResolves,
        await RecordAsync("alert-warning", string.Concat(Enumerable.Repeat(".x", 7)) + new string('.', 90), "Healthz__Slo=99"));

    [Fact]
    [Fires("heartbeat-missing")]
    [Resolves("heartbeat-missing")]
    public async Task A_timer_that_is_silent_fires_until_it_ticks_again() =>
        Assert.Matches(FiresAndResolves, await RecordAsync("heartbeat-missing", "....." + new string('_', 15) + "....."));

    [Fact]
    [Fires("record-failed")]
    [Resolves("record-failed")]
    public async Task A_history_that_cannot_be_written_fires_until_it_can() =>
        Assert.Matches(@"^\.{4}!+\.+$", await RecordAsync("record-failed", "..sssss" + new string('.', 20)));

    [Fact]
    [Fires("check-failing", "workbook-failures", "workbook-availability", "workbook-latency")]
    [Resolves("check-failing", "workbook-failures", "workbook-availability", "workbook-latency")]
    public async Task What_callers_alone_see_fail_fires_until_it_passes()
    {
        await using var way = FaultServer.Start(FaultMode.Proxy, (await services.Redis).EndPoint);
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Checks"] = "caches";
        deployment.Settings["Healthz:Caches:default"] = $"127.0.0.1:{way.Port}";
        deployment.Settings["Healthz:Timeout"] = "00:01:00";
        await using var host = await deployment.StartFunctionsAsync();
        var seen = 0;

        var said = await TellAsync("check-failing", "..xxxx" + new string('.', 74), async sign =>
        {
            way.Mode = sign == 'x' ? FaultMode.Refused : FaultMode.Proxy;
            Assert.Equal(sign == 'x' ? 503 : 200, (await host.AskAsync("/healthz", Cancel)).Status);
            seen = Relay(host, seen);
        });

        Assert.Matches(@"^\.{4}!+\.+$", said);
        Assert.Equal(["connect"], await ColumnAsync("workbook-failures", "Reason"));
        Assert.Equal(["93.33", "100"], await ColumnAsync("workbook-availability", "Availability"));
        Assert.Equal(2, (await ColumnAsync("workbook-latency", "TimeGenerated")).Count);

        // A workbook shows its time range. The outage is in the first hour, and the last run a minute ago.
        Assert.Empty(await ColumnAsync("workbook-failures", "Reason", TimeSpan.FromMinutes(60)));
        Assert.Single(await ColumnAsync("workbook-latency", "TimeGenerated", TimeSpan.FromMinutes(15)));
        Assert.Empty(await ColumnAsync("workbook-latency", "TimeGenerated", TimeSpan.FromSeconds(30)));
    }

    [Fact]
    [Fires("configuration-invalid")]
    [Resolves("configuration-invalid")]
    public async Task Settings_that_are_invalid_fire_until_they_are_mended()
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Checks"] = "caches";
        deployment.Settings["Healthz:Timeout"] = "soon";
        await using var invalid = await deployment.StartFunctionsAsync();
        deployment.Settings["Healthz:Timeout"] = "00:01:00";
        await using var mended = await deployment.StartFunctionsAsync();
        var (seen, seenLater) = (0, 0);

        var said = await TellAsync("configuration-invalid", "_xx" + new string('.', 20), async sign =>
        {
            if (sign != '_')
            {
                Assert.Equal(sign == 'x' ? 503 : 200, (await (sign == 'x' ? invalid : mended).AskAsync("/healthz", Cancel)).Status);
            }

            (seen, seenLater) = (Relay(invalid, seen), Relay(mended, seenLater));
        });

        Assert.Matches(@"^\.!+\.+$", said);
    }

    /// <summary>
    /// Lets a recorder run: <c>x</c> where the check fails, <c>s</c> where the storage does, <c>_</c> where the timer is silent.
    /// </summary>
    private async Task<string> RecordAsync(string rule, string minutes, params string[] settings)
    {
        var storage = new MemoryHistoryStorage();
        await using var probe = RecordedProbe.StartOn(storage, time: null, settings);
        return await TellAsync(rule, minutes, async sign =>
        {
            probe.Fails = sign == 'x' ? Reason.Connect : null;
            storage.Fault = sign == 's' ? _ => StorageFault.Cut : null;
            await (sign == '_' ? Task.CompletedTask : probe.TickAsync());
            foreach (var record in probe.Log.GetSnapshot(clear: true).Where(record => record.Level >= LogLevel.Information))
            {
                Log(record.Level, record.Id, record.Message);
            }
        });
    }

    private async Task<string> TellAsync(string name, string minutes, Func<char, Task> pass)
    {
        var rule = await LogRule.OfAsync(deployments, kql, name);
        var said = new StringBuilder();
        foreach (var sign in minutes)
        {
            await pass(sign);
            said.Append(await rule.FiresAsync(_log.Tables, _log.Now) ? '!' : '.');
            _log.After(TimeSpan.FromMinutes(1));
        }

        return $"{said}";
    }

    /// <summary>What the host relays, from a line on.</summary>
    private int Relay(FunctionsHost host, int from)
    {
        var lines = host.Log.ToList();
        foreach (var line in lines.Skip(from).Where(line => line.Level >= LogLevel.Information))
        {
            Log(line.Level, new EventId(0, line.EventName), line.Message);
        }

        return lines.Count;
    }

    private void Log(LogLevel level, EventId id, string message) =>
        _log.Log(log => log.Log(level, id, message, null, (text, _) => text));

    /// <summary>The different values of a column, in their order, of the rows of a time range up to now, or of all.</summary>
    private async Task<IReadOnlyList<string>> ColumnAsync(string query, string column, TimeSpan? range = null)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(InfraFolder.Origin, "queries", $"{query}.kql"), Cancel);
        var tables = range is { } time ? LogTables.Within(_log.Tables, time, _log.Now) : _log.Tables;
        var found = await kql.RunAsync(text, tables);
        Assert.Empty(found.Diagnostics);
        IEnumerable<string> values = [.. found.Rows!.Select(row => $"{row[column]}").Distinct()];
        return [.. column == "State" ? values.Order(StringComparer.Ordinal) : values];
    }
}
