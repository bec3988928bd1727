using System.Text.Json;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Tests.Trends;
using Npgsql;

namespace Caluma.Healthz.Tests.Server.Commands;

[Slow]
public class CheckCommandTests(Services services)
{
    [Fact]
    public async Task A_healthy_Caluma_is_a_plain_table_and_0()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);

        var result = await CommandLine.RunAsync(deployment.Configuration(), "check");

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.DoesNotContain(result.Output, character => char.IsControl(character) && character != '\n');
        Assert.Equal(
            ["CHECK,TARGET,VERDICT,REASON", "media storage service,default,ok", "caches,default,ok", "database migrations,default,ok",
                "databases,default,ok", "database models,default,ok"],
            result.Table().SkipLast(1).Select(columns => string.Join(',', columns[..^1])));
        Assert.All(result.Table().Skip(1).SkipLast(1), columns => Assert.Matches(@"^\d+\.\d$", columns[^1]));
        Assert.EndsWith("\nAll 5 passed.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unhealthy_one_is_a_table_with_reasons_and_1()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await deployment.Database.ExecuteAsync("DROP TABLE django_migrations");

        var result = await CommandLine.RunAsync(deployment.Configuration(), "check");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Equal("database migrations,default,failed,missing", string.Join(',', result.Table().ElementAt(1)[..^1]));
        var database = new NpgsqlConnectionStringBuilder(deployment.Database.ConnectionString);
        Assert.Contains(
            $"\n1 of 5 failed: database migrations/default at {database.Host}:{database.Port}/{database.Database} as ",
            result.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            ": database, table, bucket or container not found (missing). Try: correct the name of the database, or migrate Caluma.\n",
            result.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_JSON_with_reasons()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await deployment.Database.ExecuteAsync("DROP TABLE django_migrations");

        var result = await CommandLine.RunAsync(deployment.Configuration(), "check", "--format", "json");
        using var report = JsonDocument.Parse(result.Output);

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.False(report.RootElement.GetProperty("ok").GetBoolean());
        Assert.True(report.RootElement.GetProperty("durationMs").GetDouble() > 0);
        Assert.Equal(TimeSpan.Zero, report.RootElement.GetProperty("started").GetDateTimeOffset().Offset);
        Assert.Equal(
            [
                "media storage service/default: True ", "caches/default: True ", "database migrations/default: False missing",
                "databases/default: True ", "database models/default: True ",
            ],
            report.RootElement.GetProperty("checks").EnumerateArray().Select(check =>
                $"{check.GetProperty("check")}/{check.GetProperty("target")}: {check.GetProperty("ok")} "
                + $"{(check.TryGetProperty("reason", out var reason) ? reason : "")}"));
    }

    [Fact]
    public async Task Only_the_checks_asked_for_run()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await deployment.Database.ExecuteAsync("DROP TABLE django_migrations");

        var result = await CommandLine.RunAsync(
            deployment.Configuration(), "check", "--check", "databases", "--check", "database_models", "--check", "watchman.checks.caches");

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        Assert.Equal(["caches", "databases", "database models"], result.Table().Skip(1).SkipLast(1).Select(columns => columns[0]));
    }

    [Fact]
    public async Task A_check_that_is_not_configured_cannot_be_asked_for()
    {
        var result = await CommandLine.RunAsync(Settings.Of("DATABASE_HOST=db", "Healthz__Checks=databases"), "check", "--check", "caches");

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.Equal("--check must name a check that is configured to run (Healthz__Checks).", result.Error.Trim());
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task An_unknown_check_is_named_with_those_there_are()
    {
        var result = await CommandLine.RunAsync(Settings.Of("DATABASE_HOST=db"), "check", "--check", "databases", "--check", "nope");

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.StartsWith(
            "No check named \"nope\". Choose one: media-storage-service, caches, database-migrations, databases, database-models.",
            result.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_configured_is_no_healthy_Caluma()
    {
        var result = await CommandLine.RunAsync(Settings.Of(), "check");

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.Contains("Healthz__Databases__default is not set", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Remarks_follow_the_table_and_are_not_in_JSON()
    {
        await using var database = await CalumaDeployment.CreateDatabaseAsync(services);
        var settings = Settings.Of($"Healthz__Databases__default={database.ConnectionString}");

        Assert.Contains("Note: no cache is probed", (await CommandLine.RunAsync(settings, "check")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Note", (await CommandLine.RunAsync(settings, "check", "--format", "json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_are_shown_unchanged()
    {
        const string alias = "[red]Zürich[/] <b>";
        await using var database = await CalumaDeployment.CreateDatabaseAsync(services);
        var settings = Settings.Of($"Healthz__Databases__{alias}={database.ConnectionString}", "Healthz__Checks=databases");

        var table = await CommandLine.RunAsync(settings, "check");
        using var json = JsonDocument.Parse((await CommandLine.RunAsync(settings, "check", "--format", "json")).Output);

        Assert.Equal(alias, table.Table().ElementAt(1)[1]);
        Assert.Equal(alias, json.RootElement.GetProperty("checks")[0].GetProperty("target").GetString());
    }

    /// <remarks>A build service with its own variable for colours gets a plain file, too.</remarks>
    [Fact]
    public async Task Output_into_a_pipe_is_plain()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["GITHUB_ACTIONS"] = "true";
        deployment.Settings["NO_COLOR"] = null;

        await using var process = await HealthzProcess.RunAsync(deployment.Settings, ["check"]);

        Assert.Equal(ExitCode.Healthy, process.ExitCode);
        Assert.Contains("databases", $"{process.Log}", StringComparison.Ordinal);
        Assert.DoesNotContain('\e', $"{process.Log}");
    }

    [Fact]
    public async Task Checks_that_fail_alike_are_one_sentence()
    {
        var result = await CommandLine.RunAsync(
            Settings.Of(
                "DATABASE_HOST=127.0.0.1", "DATABASE_PORT=1", "Healthz__Checks=databases,database-models,database-migrations"),
            "check");

        Assert.Matches(
            @"\n3 of 3 failed: database migrations/default, databases/default, database models/default at 127\.0\.0\.1:1/[^:]*: connection "
                + @"refused or dropped \(connect\)\. Try: check that it runs, and listens on this address and port\.\n\z",
            result.Output);
    }

    [Fact]
    public async Task The_start_of_a_failure_comes_from_the_history()
    {
        var now = DateTimeOffset.UtcNow;
        await using var history = await AzuriteHistory.CreateAsync(services, now, "DATABASE_HOST=127.0.0.1", "DATABASE_PORT=1");
        await history.WriteAsync(history.Run(now.AddHours(-1), now, tick =>
            [new(Check.Databases, "default", tick < now.AddMinutes(-20), 1, tick < now.AddMinutes(-20) ? null : Reason.Connect)]));
        var since = history.Records.First(record => !record.Ok).Tick;

        var result = await CommandLine.RunAsync(() => history.With("ENABLE_HEALTHZ_ENDPOINT=false"), "check");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Contains("1 of 1 failed: databases/default at 127.0.0.1:1/caluma as caluma", result.Output, StringComparison.Ordinal);
        Assert.Matches(
            $@": connection refused or dropped \(connect\)\. Failing since [0-9 -]*{since:HH:mm} UTC\. "
            + @"Try: check that it runs, and listens on this address and port\.", result.Output);
    }

    [Fact]
    public async Task With_watch_it_prints_a_line_for_each_run_into_a_pipe_until_it_is_interrupted()
    {
        await using var database = await CalumaDeployment.CreateDatabaseAsync(services);
        var settings = Settings.Of($"Healthz__Databases__default={database.ConnectionString}", "Healthz__Checks=databases");
        using var interrupt = new CancellationTokenSource();
        await using var output = new ObservedWriter(lines => lines >= 2 ? interrupt : null);

        var exitCode = await HealthzCommandLine.InvokeAsync(["check", "--watch", "1"], () =>
            settings, output, TextWriter.Null, interrupt.Token);

        Assert.Equal(ExitCode.Healthy, exitCode);
        Assert.Matches(@"\A(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d The check passed\.\n){2,}\z", $"{output}");
    }

    [Fact]
    public async Task Watching_ends_with_0_upon_Ctrl_C()
    {
        await using var database = await CalumaDeployment.CreateDatabaseAsync(services);
        Dictionary<string, string?> settings = new()
        {
            ["Healthz:Databases:default"] = database.ConnectionString,
            ["Healthz:Checks"] = "databases",
        };
        await using var process = await HealthzProcess.StartAsync(settings, ["check", "--watch", "3600"]);
        await process.UntilLoggedAsync("The check passed.");

        process.Send(Signal.Interrupt);
        await process.UntilEndedAsync();

        Assert.Equal(ExitCode.Healthy, process.ExitCode);
    }

    /// <summary>Cancels a token after a number of lines.</summary>
    private sealed class ObservedWriter(Func<int, CancellationTokenSource?> then) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            then(ToString().Count(character => character == '\n'))?.Cancel();
        }
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : CheckCommandTests(services);
}
