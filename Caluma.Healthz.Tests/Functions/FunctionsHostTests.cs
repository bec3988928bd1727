using System.Net;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>The app with a host and callers that misbehave.</summary>
[Slow]
public sealed class FunctionsHostTests(Services services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <remarks>The host would restart a worker that ends a few times, and then end itself.</remarks>
    [Fact]
    public async Task An_invalid_configuration_answers_503_logs_its_problems_and_does_not_end_the_worker()
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Timeout"] = "soon";
        await using var host = await deployment.StartFunctionsAsync();

        Assert.Equal((503, """{"configuration":{"ok":false}}"""), await host.AskAsync("/healthz", Cancel));
        Assert.Equal((200, "pong"), await host.AskAsync("/healthz/ping", Cancel));
        await host.TickAsync();

        Assert.Equal(2, host.Logged("HealthzConfigurationInvalid").Count);
        Assert.All(host.Logged("HealthzConfigurationInvalid"), message =>
            Assert.Contains("Healthz__Timeout", message, StringComparison.Ordinal));
        Assert.Contains("error: invalid configuration: Healthz__Timeout", $"{host.Printed}", StringComparison.Ordinal);
        Assert.Equal(1, host.Starts);
        await host.AskForStatusAsync();
    }

    [Fact]
    public async Task A_killed_worker_fails_only_the_running_invocation()
    {
        await using var silent = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, (await services.Redis).EndPoint);
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = $"127.0.0.1:{silent.Port}";
        deployment.Settings["Healthz:Timeout"] = "00:01:00";
        await using var host = await deployment.StartFunctionsAsync();

        var asked = host.AskAsync("/healthz?check=caches", Cancel);
        await silent.UntilAskedAsync();
        await host.KillWorkerAsync();

        Assert.Equal(500, (await asked).Status);
        Assert.Equal(200, (await host.AskAsync("/healthz?check=databases", Cancel)).Status);
        Assert.Equal(2, host.Starts);
    }

    [Fact]
    public async Task Three_workers_that_are_killed_end_the_host()
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        await using var host = await deployment.StartFunctionsAsync();

        for (var i = 0; i < 3; i++)
        {
            Assert.False(host.HasGivenUp);
            await host.KillWorkerAsync();
        }

        Assert.True(host.HasGivenUp);
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_end_the_run_of_the_others()
    {
        await using var slow = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, (await services.Redis).EndPoint);
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = $"127.0.0.1:{slow.Port}";
        await using var host = await deployment.StartFunctionsAsync();
        using var caller = new CancellationTokenSource();

        var leaving = host.AskAsync("/healthz?check=caches", caller.Token);
        await slow.UntilAskedAsync();
        var staying = host.AskAsync("/healthz?check=caches", Cancel);
        await Deadline.UntilAsync("both are running", () => host.Running.Count == 2);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Equal((503, """{"caches":[{"default":{"ok":false}}]}"""), await staying);
        await Deadline.UntilAsync("both have ended", () => host.Running.Count == 0);
        Assert.Empty(host.Logged("FunctionCompleted"));
        Assert.Single(host.Logged("HealthzRunCompleted"));
    }

    [Fact]
    public async Task A_thousand_callers_at_once_cost_one_session_of_the_database()
    {
        await using var postgres = await PostgresServer.StartNewAsync(
            new PostgresOptions { Settings = new Dictionary<string, string> { ["log_connections"] = "on" } });
        await using var database = await CalumaDeployment.CreateDatabaseAsync(postgres);
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Databases:default"] = database.ConnectionString;
        deployment.Settings["Healthz:MinInterval"] = "00:05:00";
        await using var host = await deployment.StartFunctionsAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => host.AskAsync("/healthz", Cancel)));

        Assert.Equal(200, Assert.Single(answers.Distinct()).Status);
        Assert.Single(host.Logged("HealthzRunCompleted"));
        Assert.Single($"{postgres.Log}".Split('\n'), line =>
            line.Contains("connection authorized", StringComparison.Ordinal)
                && line.Contains("application_name=caluma-healthz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_key_runs_no_check()
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        await using var host = await deployment.StartFunctionsAsync();
        using var stranger = new HttpClient { BaseAddress = host.Client.BaseAddress };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => stranger.GetAsync(new Uri($"/healthz?code=wrong{i}", UriKind.Relative), Cancel)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Empty(host.Log);
    }

    [Fact]
    public async Task A_stop_finishes_running_requests_and_the_worker_ends_by_itself()
    {
        await using var slow = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, (await services.Redis).EndPoint);
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = $"127.0.0.1:{slow.Port}";
        await using var host = await deployment.StartFunctionsAsync();

        var asked = host.AskAsync("/healthz?check=caches", Cancel);
        await slow.UntilAskedAsync();
        Assert.Equal(0, await host.StopAsync());

        Assert.Equal(503, (await asked).Status);
        Assert.Empty(host.Logged("FunctionCompleted"));
    }

    /// <remarks>The host drops lines that belong to no invocation.</remarks>
    [Fact]
    public async Task No_event_is_logged_outside_of_a_function()
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        await using var host = await deployment.StartFunctionsAsync();

        await host.AskAsync("/healthz", Cancel);
        await host.TickAsync();
        Assert.Equal(0, await host.StopAsync());

        Assert.DoesNotContain(host.Dropped, line => line.EventName.StartsWith("Healthz", StringComparison.Ordinal));
        Assert.NotEmpty(host.Logged("HealthzRunCompleted"));
    }
}
