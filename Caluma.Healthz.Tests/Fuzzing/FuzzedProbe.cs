using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>A probe with a history in memory, whose work is done on the thread that asks for it.</summary>
internal sealed class FuzzedProbe : IDisposable
{
    private static readonly HealthzConfiguration _configuration =
        Settings.Read("Healthz__Checks=databases", "Healthz__History__ConnectionString=UseDevelopmentStorage=true");

    private readonly FuzzLog _log = new();
    private readonly FakeTimeProvider _time;
    private readonly ServiceProvider _services;

    public FuzzedProbe(MemoryHistoryStorage storage, DateTimeOffset now)
    {
        _time = new FakeTimeProvider(now);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(_log))
            .AddSingleton<TimeProvider>(_time)
            .AddHealthz(_configuration)
            .Replace(ServiceDescriptor.Singleton<IRunner>(new Runner(_time)))
            .Replace(ServiceDescriptor.Singleton<IHistoryStorage>(storage))
            .BuildServiceProvider();
    }

    /// <summary>Records a run for the next tick.</summary>
    public void Record()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        Wait(_services.GetRequiredService<Recorder>().RecordAsync(late: false, "fuzz", CancellationToken.None));
        _log.Hold();
    }

    /// <summary>Asks, and fails if the probe has failed within.</summary>
    /// <returns>The status of the answer.</returns>
    public int Ask(string method, string path, string query, string accept)
    {
        var response = Wait(_services.GetRequiredService<HealthzSurface>().AnswerAsync(
            new HealthzRequest(method, path, query, accept), CancellationToken.None));
        _log.Hold();
        return response.StatusCode;
    }

    public void Dispose()
    {
        _services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _log.Dispose();
    }

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private sealed class Runner(FakeTimeProvider time) : IRunner
    {
        private int _runs;

        public Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken)
        {
            begun?.Invoke();
            var takes = TimeSpan.FromMilliseconds(3);
            var result = new CheckResult(Check.Databases, "default", takes, _runs++ % 20 < 4 ? Reason.Timeout : null);
            return Task.FromResult(new RunReport(checks, [result], time.GetUtcNow(), takes));
        }

        public RunReport Unanswered(CheckSet checks, TimeSpan waited) => throw new NotSupportedException();
    }
}
