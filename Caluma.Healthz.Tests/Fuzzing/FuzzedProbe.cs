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

    private static readonly InlineScheduler _inline = new();

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
        Wait(() => _services.GetRequiredService<Recorder>().RecordAsync(late: false, "fuzz", CancellationToken.None));
        _log.Hold();
    }

    /// <summary>Asks, and fails if the probe has failed within.</summary>
    /// <returns>The status of the answer.</returns>
    public int Ask(string method, string path, string query, string accept)
    {
        var status = 0;
        Wait(async () => status = (await _services.GetRequiredService<HealthzSurface>().AnswerAsync(
            new HealthzRequest(method, path, query, accept), CancellationToken.None)).StatusCode);
        _log.Hold();
        return status;
    }

    public void Dispose()
    {
        _services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _log.Dispose();
    }

    private static void Wait(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _inline).Unwrap().GetAwaiter().GetResult();

    /// <summary>
    /// Does the work on the thread that hands it on. With several threads SharpFuzz sees steps from a branch of one to a branch of another,
    /// which afl-fuzz takes for new paths: of ten places in its map nine differed between two runs of the same input.
    /// </summary>
    private sealed class InlineScheduler : TaskScheduler
    {
        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

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
