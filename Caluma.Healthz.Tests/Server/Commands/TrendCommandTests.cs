using System.Globalization;
using System.Text.Json.Nodes;
using Caluma.Healthz.History;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Tests.Trends;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Server.Commands;

/// <summary>The command uses the system clock, so each history here ends now.</summary>
[Slow]
public class TrendCommandTests(Services services)
{
    private const string NoHistory =
        "No history is recorded: set Healthz__History__ConnectionString, Healthz__History__ServiceUri, Healthz__History__Folder or "
            + "AzureWebJobsStorage.";

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task A_healthy_history_is_a_table_and_exits_with_0()
    {
        await using var history = await WriteAsync(_now.AddHours(-26), _now, tick =>
            [Passed("default", tick < _now.AddHours(-1) ? 5 : 10), Passed("archive", 7)]);

        var result = await CommandLine.RunAsync(history.Settings, "trend", "--wide");

        Assert.Equal((ExitCode.Healthy, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain(result.Output, character => char.IsControl(character) && character != '\n');
        var table = result.Table().ToList();
        Assert.Equal("CHECK,TARGET,STATE,SINCE,1H,1D,7D,30D,BUDGET,P50,P95,LAST 24 H", string.Join(',', table[0]));
        Assert.Equal(
            $"databases,archive,ok,{Seconds(history.Records[0].Tick)},100 %,100 %,–,–,–,7.0,7.0,▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁",
            string.Join(',', table[1]));
        Assert.Matches("^▁+█{1,2}$", table[2][^1]);
        Assert.Contains("error budget of 0.5 % over 30 days.", result.Output, StringComparison.Ordinal);
        Assert.EndsWith($"Newest record {Seconds(history.Records[^1].Tick)} UTC\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_alerts_are_listed_and_exit_with_1()
    {
        await using var history = await WriteAsync(_now.AddHours(-1), _now, tick =>
            [tick < _now.AddMinutes(-5) ? Passed("default", 5) : Failed("default")]);

        var result = await CommandLine.RunAsync(history.Settings, "trend");

        Assert.Equal((ExitCode.Unhealthy, ""), (result.ExitCode, result.Error));
        var table = result.Table().ToList();
        Assert.Equal("ALERT,SEVERITY,CHECK,SINCE", string.Join(',', table[0]));
        Assert.Contains(table, columns => columns is ["unavailable", "critical", "databases", _]);
        Assert.Contains("CHECK,STATE,SINCE,30D,BUDGET", table.Select(columns => string.Join(',', columns)));
        Assert.Contains(table, columns => columns is ["databases", "failed (timeout)", _, "–", "–"]);
    }

    [Fact]
    public async Task The_table_fits_80_columns_with_any_names()
    {
        var name = new string('x', 60);
        await using var history = await WriteAsync(
            _now.AddDays(-9), _now, tick => tick.Minute % 30 == 0
                ? [Passed("default", 5), Failed(name) with { Check = Check.DatabaseMigrations, Reason = Reason.Permission }] : null);

        var result = await CommandLine.RunAsync(history.Settings, "trend");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        var tables = result.Output.Split('\n').Where(line => !line.StartsWith("Incident: ", StringComparison.Ordinal));
        Assert.All(tables, line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.Contains("database migrations/xxxx…", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(72)]
    public async Task The_table_fits_a_narrow_terminal_without_a_wrapped_name(int width)
    {
        await using var history = await WriteAsync(
            _now.AddDays(-9), _now, tick => tick.Minute % 30 == 0
                ? [Passed("default", 5), Failed("archive") with { Check = Check.DatabaseMigrations, Reason = Reason.Permission }] : null);
        var output = new StringWriter();

        TrendCommand.Write(await history.TrendAsync(), isWide: false, width, output);

        var lines = output.ToString().Split('\n');
        var tables = lines.Where(line => !line.StartsWith("Incident: ", StringComparison.Ordinal));
        Assert.All(tables, line => Assert.InRange(line.TrimEnd().Length, 0, width));
        Assert.Contains(lines, line => line.StartsWith("database migrations/archive", StringComparison.Ordinal));
    }

    /// <remarks>The history has the targets.</remarks>
    [Theory]
    [InlineData("trend")]
    [InlineData("history")]
    public async Task The_command_needs_no_settings_of_targets(string command)
    {
        await using var history = await WriteAsync(_now.AddHours(-1), _now, _ => [Passed("default", 5)]);

        var result = await CommandLine.RunAsync(() =>
            history.With("DATABASE_HOST=", "DATABASE_PORT=nonsense", "CACHE_BACKEND=nonsense"), command);

        Assert.Equal((ExitCode.Healthy, ""), (result.ExitCode, result.Error));
        Assert.Contains("databases", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_history_is_reported_and_exits_with_1()
    {
        await using var history = await WriteAsync(_now.AddHours(-3), _now.AddHours(-2), _ => [Passed("default", 5)]);

        var result = await CommandLine.RunAsync(history.Settings, "trend");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Contains($"Newest record {Seconds(history.Records[^1].Tick)} UTC: NOTHING SINCE\n",
            result.Output, StringComparison.Ordinal);
        Assert.Contains(result.Table(), columns => columns is ["missing-data", "critical", "recording", _]);
    }

    [Fact]
    public async Task Before_the_first_record_the_command_says_so()
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);

        var result = await CommandLine.RunAsync(history.Settings, "trend");

        Assert.Equal((ExitCode.Healthy, "Nothing has been recorded yet.\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("trend")]
    [InlineData("history")]
    public async Task A_missing_container_is_an_error_and_no_empty_history(string command)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        await history.Container.DeleteAsync(cancellationToken: TestContext.Current.CancellationToken);

        var result = await CommandLine.RunAsync(history.Settings, command);

        Assert.Equal(
            (ExitCode.Invalid, "",
                $"Container {history.Container.Name} not found: nothing has ever been recorded there. Check the setting with the command "
                    + "config.\n"),
            (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task A_day_that_cannot_be_read_is_reported()
    {
        await using var history = await WriteAsync(_now.AddDays(-4), _now, _ => [Passed("default", 5)]);
        var day = DateOnly.FromDateTime(_now.UtcDateTime.AddDays(-2));
        await history.OverwriteAsync(HistoryNames.Rollup(day), "nonsense");
        await history.DeleteAsync(HistoryNames.Log(day, 0));

        var result = await CommandLine.RunAsync(history.Settings, "trend");

        Assert.Contains($"\nNot readable, and not counted: {day:yyyy-MM-dd}.\nNewest record ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_state_the_rest_is_shown()
    {
        await using var history = await WriteAsync(_now.AddHours(-1), _now, _ => [Passed("default", 5)]);
        await history.DeleteAsync(TrendState.BlobName);
        await history.DeleteAsync(LatestRun.BlobName);

        var result = await CommandLine.RunAsync(history.Settings, "trend");

        Assert.Equal(["databases", "–", "–"], result.Table().ElementAt(1)[..3]);
        Assert.Contains("Newest record unknown\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_is_that_of_the_route()
    {
        await using var history = await WriteAsync(_now.AddDays(-3), _now, tick =>
            tick.Minute % 10 == 0 ? [tick.Hour == 5 ? Failed("default") : Passed("default", 5)] : null);
        var expected = JsonNode.Parse((await history.AnswerAsync("/healthz/trend", "?days=2")).Body.Span);

        var result = await CommandLine.RunAsync(history.Settings, "trend", "--format", "json", "--days", "2");

        Assert.Equal(Paths(expected), Paths(JsonNode.Parse(result.Output)));
        Assert.Equal("databases", JsonNode.Parse(result.Output)!["checks"]![0]!["check"]!.GetValue<string>());
    }

    /// <remarks>ENABLE_HEALTHZ_ENDPOINT is for the routes.</remarks>
    [Fact]
    public async Task The_command_works_with_the_endpoint_off()
    {
        await using var history = await WriteAsync(_now.AddHours(-1), _now, _ => [Passed("default", 5)]);

        var result = await CommandLine.RunAsync(() => history.With("ENABLE_HEALTHZ_ENDPOINT=false"), "trend");

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
    }

    [Theory]
    [InlineData("trend")]
    [InlineData("history")]
    public async Task Without_a_history_the_settings_for_one_are_named_and_it_exits_with_2(string command)
    {
        var result = await CommandLine.RunAsync(Settings.Of("DATABASE_HOST=db"), command);

        Assert.Equal((ExitCode.Invalid, "", NoHistory), (result.ExitCode, result.Output, result.Error.Trim()));
    }

    [Theory]
    [InlineData("trend")]
    [InlineData("history")]
    public async Task An_invalid_configuration_is_listed_and_exits_with_2(string command)
    {
        var result = await CommandLine.RunAsync(Settings.Of("DATABASE_HOST=db", "Healthz__Slo=much"), command);

        Assert.Equal((ExitCode.Invalid, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("The configuration is invalid:", result.Error, StringComparison.Ordinal);
        Assert.Contains("Healthz__Slo is \"much\"", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trend")]
    [InlineData("history")]
    public async Task A_storage_that_is_down_exits_with_2(string command)
    {
        using var nobody = new PortReservation();
        var settings = Settings.Of(
            "DATABASE_HOST=db",
            $"Healthz__History__ConnectionString=DefaultEndpointsProtocol=http;AccountName=c;"
                + $"AccountKey={Convert.ToBase64String("c4n4ry"u8)};BlobEndpoint=http://127.0.0.1:{nobody.Port}/c;",
            "Healthz__History__Container=test-demo");

        var result = await CommandLine.RunAsync(settings, command);

        Assert.Equal(
            (ExitCode.Invalid, "", "The history cannot be read (connect)."), (result.ExitCode, result.Output, result.Error.Trim()));
    }

    [Fact]
    public async Task An_interrupted_command_reports_neither_an_alert_nor_the_storage()
    {
        await using var silent = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, (await services.Azurite).EndPoint);
        var settings = Settings.Of(
            "DATABASE_HOST=db", $"Healthz__History__ConnectionString={(await services.Azurite).ConnectionStringVia(silent)}");
        using var interrupt = new CancellationTokenSource();
        await using var output = new StringWriter();

        var running = HealthzCommandLine.InvokeAsync(["trend"], () => settings, output, output, interrupt.Token);
        await silent.UntilAskedAsync();
        await interrupt.CancelAsync();

        Assert.Equal((ExitCode.Invalid, ""), (await running, output.ToString()));
    }

    [Theory]
    [InlineData("--days must be a whole number from 1 to 400.", "--days", "0")]
    [InlineData("--days must be a whole number from 1 to 400.", "--days", "401")]
    [InlineData("--days must be a whole number from 1 to 400.", "--days", "x")]
    [InlineData("--days must be a whole number from 1 to 400.", "--days", "-7")]
    [InlineData("--days must be a whole number from 1 to 400.", "--days", "99999999999")]
    [InlineData("'--days'", "--days")]
    [InlineData("--format must be table or json.", "--format", "csv")]
    [InlineData("'--since'", "--since", "2026-11-22")]
    public async Task An_invalid_option_is_named(string says, params string[] options)
    {
        var result = await CommandLine.RunAsync(Settings.Of("DATABASE_HOST=db"), ["trend", .. options]);

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
    }

    private async Task<WrittenHistory> WriteAsync(
        DateTimeOffset from, DateTimeOffset to, Func<DateTimeOffset, IReadOnlyList<CheckRecord>?> checks)
    {
        var history = await AzuriteHistory.CreateAsync(services, _now);
        await history.WriteAsync(history.Run(from, to, checks));
        return history;
    }

    private static CheckRecord Passed(string target, double ms) => new(Check.Databases, target, Ok: true, ms);

    private static CheckRecord Failed(string target) => new(Check.Databases, target, Ok: false, 5000, Reason.Timeout);

    private static string Seconds(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The members of a document without their values.</summary>
    private static IEnumerable<string> Paths(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Paths(member.Value).Prepend(member.Value!.GetPath())),
        JsonArray elements => elements.SelectMany(Paths),
        _ => [],
    };

    [Slow]
    [Native]
    public sealed class Native(Services services) : TrendCommandTests(services);
}
