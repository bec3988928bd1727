using System.Text;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Http;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Http;

/// <summary>The report of a fresh run, which the server answers without a task: the one that <c>AnswerAsync</c> would answer.</summary>
public sealed class AnswerAtOnceTests : IAsyncDisposable
{
    private static readonly TimeSpan _minInterval = TimeSpan.FromSeconds(10);
    private static readonly CheckSet _checks = CheckSet.Of(Check.Caches);
    private static readonly HealthzRequest _report = new("GET", "/healthz", "");

    private readonly FakeLoggerProvider _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeRunner _runner = new();
    private ServiceProvider _services;
    private HealthzSurface _surface;

    public AnswerAtOnceTests() => (_services, _surface) = Open(Settings.Read(
        "Healthz__Checks=caches", "Healthz__Caches__default=cache", $"Healthz__MinInterval={_minInterval}"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("/healthz", "")]
    [InlineData("/healthz/", "*/*")]
    [InlineData("/healthz", "text/html,*/*;q=0.8")]
    [InlineData("/healthz", HealthJson.MediaType)]
    public async Task A_fresh_report_is_answered_at_once_until_it_is_too_old(string path, string accept)
    {
        var request = _report with { Path = path, Accept = accept };
        Assert.Null(_surface.AnswerAtOnce(request));
        await _surface.AnswerAsync(request, Cancel);
        foreach (var age in new[] { TimeSpan.Zero, _minInterval })
        {
            _time.Advance(age);
            var answer = Text(_surface.AnswerAtOnce(request));
            Assert.Equal(Text(await _surface.AnswerAsync(request, Cancel)), answer);
            Assert.Contains($"Age: {age.TotalSeconds}\n", answer, StringComparison.Ordinal);
        }

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_surface.AnswerAtOnce(request));
        Assert.Equal(1, _runner.Started);
    }

    [Fact]
    public async Task The_verdict_is_that_of_the_newest_run()
    {
        foreach (var reason in new Reason?[] { Reason.Connect, null, Reason.Timeout })
        {
            _runner.Reason = reason;
            var status = reason is null ? 200 : 503;
            Assert.Equal(status, (await _surface.AnswerAsync(_report, Cancel)).StatusCode);
            Assert.Equal(status, _surface.AnswerAtOnce(_report)?.StatusCode);
            _time.Advance(_minInterval + TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task Who_asks_during_a_run_waits_for_it()
    {
        _runner.Until = new TaskCompletionSource();
        var asked = _surface.AnswerAsync(_report, Cancel);
        Assert.Null(_surface.AnswerAtOnce(_report));

        _runner.Until.SetResult();
        await asked;

        Assert.NotNull(_surface.AnswerAtOnce(_report));
    }

    [Theory]
    [InlineData("HEAD", "/healthz", "")]
    [InlineData("POST", "/healthz", "")]
    [InlineData("GET", "/healthz", "?check=databases")]
    [InlineData("GET", "/healthz", "?nonsense")]
    [InlineData("GET", "/healthz/bare", "")]
    [InlineData("GET", "/healthz/ping", "")]
    [InlineData("GET", "/healthz/dashboard", "")]
    [InlineData("GET", "/nothing", "")]
    public async Task Nothing_else_is_answered_at_once(string method, string path, string query)
    {
        await _surface.AnswerAsync(_report, Cancel);

        Assert.Null(_surface.AnswerAtOnce(new HealthzRequest(method, path, query)));
    }

    [Theory]
    [InlineData("ENABLE_HEALTHZ_ENDPOINT=false")]
    [InlineData("Healthz__Timeout=soon")]
    public async Task A_probe_that_is_off_or_invalid_has_no_report(string setting)
    {
        await _services.DisposeAsync();
        (_services, _surface) = Open(Settings.Read("Healthz__Checks=caches", "Healthz__Caches__default=cache", setting));
        await _services.GetRequiredService<SharedRuns>().GetAsync(_checks, Cancel);

        Assert.Null(_surface.AnswerAtOnce(_report));
    }

    [Fact]
    public async Task A_bug_is_left_to_the_answer_that_logs_it_without_its_message()
    {
        _runner.Check = (Check)99;
        await _services.GetRequiredService<SharedRuns>().GetAsync(_checks, Cancel);

        Assert.Null(_surface.AnswerAtOnce(_report));
        Assert.Equal(500, (await _surface.AnswerAsync(_report, Cancel)).StatusCode);
        Assert.Equal("HealthzException", Assert.Single(_log.Collector.GetSnapshot()).Id.Name);
    }

    private static string? Text(HealthzResponse? response) => response is null ? null : string.Join(
        '\n',
        [
            $"{response.StatusCode} {response.ContentType}",
            .. response.Headers.Select(header => $"{header.Key}: {header.Value}"),
            Encoding.UTF8.GetString(response.Body.Span),
        ]);

    private (ServiceProvider Services, HealthzSurface Surface) Open(HealthzConfiguration configuration)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log))
            .AddSingleton<TimeProvider>(_time)
            .AddHealthz(configuration)
            .Replace(ServiceDescriptor.Singleton<IRunner>(_runner))
            .BuildServiceProvider();
        return (services, services.GetRequiredService<HealthzSurface>());
    }

    private sealed class FakeRunner : IRunner
    {
        public int Started { get; private set; }

        public Check Check { get; set; } = Check.Caches;

        /// <summary>Why the next runs fail; null where they pass.</summary>
        public Reason? Reason { get; set; }

        /// <summary>What the next runs wait for.</summary>
        public TaskCompletionSource? Until { get; set; }

        public async Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken)
        {
            Started++;
            begun?.Invoke();
            await (Until?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
            return new RunReport(
                checks, [new CheckResult(Check, "default", TimeSpan.Zero, Reason)], DateTimeOffset.UnixEpoch, TimeSpan.Zero);
        }

        public RunReport Unanswered(CheckSet checks, TimeSpan waited) => throw new NotSupportedException();
    }
}
