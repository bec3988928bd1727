using System.Text;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Http;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Http;

/// <summary>The surface in a front door that does not validate at its start, such as the Functions app.</summary>
public sealed class HealthzSurfaceTests : IAsyncDisposable
{
    private readonly FakeLoggerProvider _log = new();
    private ServiceProvider? _services;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _log.Dispose();
    }

    [Fact]
    public async Task With_an_invalid_configuration_the_surface_answers_503_and_logs_it_with_each_request()
    {
        var configuration = Settings.Read(
            "Healthz__Timeout=soon", "Healthz__Databases__default=Host=db;Prot=5432", "Healthz__Caches__default=cache");
        var surface = Surface(configuration);

        foreach (var (path, query, body) in new[]
        {
            ("/healthz", "", """{"configuration":{"ok":false}}"""),
            ("/healthz/", "?check=caches", """{"configuration":{"ok":false}}"""),
            ("/healthz/bare", "", ""),
        })
        {
            var answer = await surface.AnswerAsync(new HealthzRequest("GET", path, query), Cancel);
            Assert.Equal((503, body), (answer.StatusCode, Encoding.UTF8.GetString(answer.Body.Span)));

            var record = Assert.Single(_log.Collector.GetSnapshot(clear: true));
            Assert.Equal(("HealthzConfigurationInvalid", LogLevel.Critical), (record.Id.Name, record.Level));
            Assert.Equal(
                $"HealthzConfigurationInvalid count=2 problems={string.Join(Environment.NewLine, configuration.Problems)}", record.Message);
        }
    }

    [Fact]
    public async Task With_an_invalid_configuration_ping_works_and_no_check_runs()
    {
        var surface = Surface(Settings.Read("Healthz__Timeout=soon"));

        Assert.Equal(200, (await surface.AnswerAsync(new HealthzRequest("GET", "/healthz/ping", ""), Cancel)).StatusCode);
        Assert.Empty((await _services!.GetRequiredService<IRunner>().RunAsync(CheckSet.All, Cancel)).Results);
    }

    [Fact]
    public void Only_ping_needs_no_key() =>
        Assert.Equal([HealthzRoutes.Ping], HealthzRoutes.All.Where(route => !route.NeedsKey).Select(route => route.Path));

    [Theory]
    [InlineData("GET", "/healthz")]
    [InlineData("POST", "/healthz/")]
    [InlineData("GET", "/healthz/bare")]
    [InlineData("HEAD", "/healthz/ping")]
    public async Task A_probe_that_is_off_answers_404_and_logs_nothing(string method, string path)
    {
        var surface = Surface(HealthzConfiguration.Read(Settings.Of("Healthz__Timeout=soon")));

        var answer = await surface.AnswerAsync(new HealthzRequest(method, path, ""), Cancel);

        Assert.Equal((404, 0), (answer.StatusCode, answer.Body.Length));
        Assert.Empty(_log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task A_bug_is_answered_with_500_and_logged_without_its_message()
    {
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log))
            .AddHealthz(Settings.Read("Healthz__Checks=caches", "Healthz__Caches__default=cache"))
            .Replace(ServiceDescriptor.Singleton<IRunner>(new FaultyRunner()))
            .BuildServiceProvider();

        var answer = await services.GetRequiredService<HealthzSurface>().AnswerAsync(new HealthzRequest("GET", "/healthz", ""), Cancel);

        Assert.Equal((500, 0), (answer.StatusCode, answer.Body.Length));
        var record = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal(("HealthzException", LogLevel.Error), (record.Id.Name, record.Level));
        Assert.Contains(nameof(FaultyRunner), record.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", $"{record.Message}{record.Exception}", StringComparison.Ordinal);
    }

    private sealed class FaultyRunner : IRunner
    {
        public Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("canary");

        public RunReport Unanswered(CheckSet checks, TimeSpan waited) => throw new NotSupportedException();
    }

    private HealthzSurface Surface(HealthzConfiguration configuration)
    {
        _services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log))
            .AddHealthz(configuration).BuildServiceProvider();
        return _services.GetRequiredService<HealthzSurface>();
    }
}
