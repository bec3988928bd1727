using Caluma.Healthz.Checks;
using Caluma.Healthz.Http;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Caluma.Healthz.Tests.Http;

/// <summary>The surface over a run whose results the test sets.</summary>
internal sealed class AnsweringProbe : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public AnsweringProbe(params CheckResult[] results) => _services = new ServiceCollection()
        .AddLogging()
        .AddHealthz(Settings.Read("Healthz__MinInterval=0"))
        .Replace(ServiceDescriptor.Singleton<IRunner>(new Runner(results)))
        .BuildServiceProvider();

    public Task<HealthzResponse> AnswerAsync(string path, string query = "", string accept = "", string method = "GET") =>
        _services.GetRequiredService<HealthzSurface>().AnswerAsync(
            new HealthzRequest(method, path, query, accept), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class Runner(CheckResult[] results) : IRunner
    {
        public Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken)
        {
            begun?.Invoke();
            return Task.FromResult(new RunReport(
                checks, [.. results.Where(result => checks.Contains(result.Check))], DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(0.25)));
        }

        public RunReport Unanswered(CheckSet checks, TimeSpan waited) => throw new NotSupportedException();
    }
}
