using System.Text.Json;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>The timer of the Functions app.</summary>
[Slow]
public sealed class RecordingFunctionTests(Services services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tick_is_recorded_and_can_be_read_back(bool isPastDue)
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["HEALTHZ_SCHEDULE"] = "0 * * * * *";
        await using var host = await deployment.StartFunctionsAsync();

        await host.TickAsync(isPastDue);

        var (status, body) = await host.AskAsync("/healthz/history", Cancel);
        using var record = JsonDocument.Parse(body);
        Assert.Equal(200, status);
        Assert.Equal((true, isPastDue, "timer"), (
            record.RootElement.GetProperty("ok").GetBoolean(),
            record.RootElement.TryGetProperty("late", out var late) && late.GetBoolean(),
            record.RootElement.GetProperty("source").GetString()));
        Assert.Single(host.Logged("HealthzRunRecorded"));
        Assert.Empty(host.Troubles());
    }

    [Fact]
    public async Task Every_tick_of_the_schedule_is_recorded()
    {
        var hasStalled = false;
        await Stall.RepeatAsync(TestOnceAsync, () => hasStalled);

        async Task TestOnceAsync()
        {
            await using var deployment = await FunctionsDeployment.CreateAsync(services);
            deployment.Settings["HEALTHZ_SCHEDULE"] = "*/15 * * * * *";
            await using var host = await deployment.StartFunctionsAsync(ticks: true);

            await Deadline.UntilAsync(
                "two ticks are recorded", () => host.Logged("HealthzRunRecorded").Count >= 2, () => $"{host.Printed}");

            Assert.Equal(0, await host.StopAsync());

            // The storage is healthy. On a machine that stalls it may not answer within the client's five seconds.
            hasStalled = host.Logged("HealthzRecordFailed").Count > 0;
            Assert.Empty(host.Troubles());
        }
    }

    /// <remarks>
    /// The host logs exceptions that escape from a function, and the rule function-exception would mail people at each deployment.
    /// </remarks>
    [Fact]
    public async Task A_stop_during_a_tick_is_no_failure_of_the_function()
    {
        await using var silent = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, (await services.Redis).EndPoint);
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = $"127.0.0.1:{silent.Port}";
        deployment.Settings["Healthz:Timeout"] = "00:01:00";
        await using var host = await deployment.StartFunctionsAsync();

        var tick = host.TickAsync();
        await silent.UntilAskedAsync();
        Assert.Equal(0, await host.StopAsync());

        await tick;
        Assert.Empty(host.Troubles());
        Assert.Empty(host.Logged("HealthzRunRecorded"));
    }

    [Fact]
    public async Task Without_a_schedule_all_other_functions_run_and_the_missing_setting_is_logged()
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings.Remove("HEALTHZ_SCHEDULE");
        await using var host = await deployment.StartFunctionsAsync();

        Assert.DoesNotContain(host.Functions, function => function.IsTimer);
        Assert.Equal(200, (await host.AskAsync("/healthz", Cancel)).Status);
        Assert.Contains("error: HEALTHZ_SCHEDULE is not set", $"{host.Printed}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_that_is_off_logs_it_at_the_start_and_with_each_tick_and_records_nothing()
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings.Remove("ENABLE_HEALTHZ_ENDPOINT");
        await using var host = await deployment.StartFunctionsAsync();

        await host.TickAsync();
        await host.TickAsync();

        Assert.Contains("until ENABLE_HEALTHZ_ENDPOINT is true", $"{host.Printed}", StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Repeat("HealthzDisabled every route answers 404 until ENABLE_HEALTHZ_ENDPOINT is true", 2),
            host.Logged("HealthzDisabled"));
        Assert.Equal((404, ""), await host.AskAsync("/healthz", Cancel));
        Assert.Empty(host.Logged("HealthzRunRecorded"));
    }
}
