using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Notifications;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Server.Serving;
using Caluma.Healthz.Tests.History;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>A process that records: a server with its lease, or what a timer ticks. It can be killed at any step.</summary>
internal sealed class SimulatedProcess : IDisposable
{
    private readonly SimulatedWorld _world;
    private readonly SimulatedPlan _plan;
    private readonly SimulatedScheduler _scheduler;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<int> _faulty = [];
    private readonly RunJournal _journal;
    private readonly IncidentNotifier? _notifier;
    private readonly Recorder _recorder;
    private readonly RecorderLease _lease;

    public SimulatedProcess(int number, SimulatedWorld world, SimulatedPlan plan, MemoryHistoryStorage memory, SimulatedFaults faults,
        Announcements heard, Announcements taken)
    {
        (Number, _world, _plan, Heard) = (number, world, plan, heard);
        (_scheduler, Clock) = (new SimulatedScheduler(world, this), new SimulatedClock(world, this));
        var storage = new SimulatedStorage(world, this, memory, faults);
        var (options, documents) = (plan.Configuration.Options, new DocumentStore(storage, Logger<DocumentStore>()));
        _journal = new RunJournal(
            storage, new RecordReader(storage, Logger<RecordReader>()), documents, options, Clock, Logger<RunJournal>());
        _notifier = plan.HasWebhook ? new IncidentNotifier(
            options, documents, Clock, Logger<IncidentNotifier>(), new SimulatedReceiver(world, this, faults, taken)) : null;
        _recorder = new Recorder(plan.Configuration, new Runner(this), _journal, _notifier, metrics: null, Clock, Logger<Recorder>());
        _lease = new RecorderLease(storage, options, Clock, Logger<RecorderLease>());
    }

    /// <summary>Which of all processes it is. Its records are known by it: each of its runs takes as many milliseconds.</summary>
    public int Number { get; }

    public SimulatedClock Clock { get; }

    /// <summary>When it made its first run, by its clock; null before.</summary>
    public DateTimeOffset? FirstRun { get; private set; }

    /// <summary>At which step of the world it first noted what the webhook was sent; null before.</summary>
    public int? Delivers { get; set; }

    public Announcements Heard { get; }

    /// <summary>Whether it was killed.</summary>
    public bool IsDead => KilledAt is not null;

    /// <summary>The step of the world at which it was killed.</summary>
    public int? KilledAt { get; private set; }

    /// <summary>Whether it was stopped, and may have ended.</summary>
    public bool IsStopped => _stop.IsCancellationRequested;

    /// <summary>Whether it was stopped, and has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>After how many steps more it is killed.</summary>
    public int StepsToLive { get; set; } = int.MaxValue;

    /// <summary>Called once when it is killed, or has ended.</summary>
    public required Action Ended { get; init; }

    /// <summary>Whether the storage or a receiver has failed it since its newest run.</summary>
    public bool HasHadFault
    {
        get => _faulty.Contains(Runs);
        set
        {
            if (value)
            {
                _faulty.Add(Runs);
            }
        }
    }

    /// <summary>How many runs it was to record.</summary>
    public int Runs { get; private set; }

    /// <summary>Whether the storage or a receiver has failed it after one of its runs.</summary>
    public bool HadFaultIn(int run) => _faulty.Contains(run);

    /// <summary>How many records it has given up.</summary>
    public int Lost { get; private set; }

    /// <summary>The ticks that it said were recorded.</summary>
    public List<DateTimeOffset> Recorded { get; } = [];

    /// <summary>Whether it has said of a run that not all of it could be written.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>When it last read <c>latest.json</c>: after which of its runs, and at which step of the world.</summary>
    public (int Run, int Step)? ReadLatest { get; set; }

    /// <summary>At which step of the world it made its newest run.</summary>
    public int Began { get; private set; }

    /// <summary>Whether it goes on: called before each of its steps.</summary>
    public bool Lives()
    {
        if (!IsDead && !HasEnded && StepsToLive-- <= 0)
        {
            Kill();
        }

        return !IsDead;
    }

    public void Start()
    {
        _world.Trace(this, "starts");
        _ = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.None, _scheduler);
    }

    public void Kill()
    {
        _world.Trace(this, "is killed");
        KilledAt = _world.Steps;
        Ended();
    }

    /// <summary>Ends it as a platform does.</summary>
    public void Stop()
    {
        _world.Trace(this, "is stopped");
        _stop.Cancel();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _notifier?.Dispose();
        _recorder.Dispose();
    }

    public void Say(string name, string message)
    {
        _world.Trace(this, "says", message);
        switch (name)
        {
            case "HealthzRunRecorded":
                Recorded.Add(UtcOf(message));
                break;
            case "HealthzRecordFailed":
                HasFailed = true;
                Lost += int.Parse(message[(message.LastIndexOf('=') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "HealthzException":
                _world.Faults.Add($"process {Number}: an exception that no classifier knows: {message}");
                break;
            case "HealthzAlertFiring" or "HealthzAlertResolved"
                or "HealthzIncidentOpened" or "HealthzIncidentUpdated" or "HealthzIncidentResolved":
                Heard.Hear(this, message);
                break;
        }
    }

    private static DateTimeOffset UtcOf(string message) => DateTimeOffset.Parse(
        message.Split(' ')[1]["tick=".Length..], System.Globalization.CultureInfo.InvariantCulture);

    private SimulatedLogger<T> Logger<T>() => new(_world, this);

    private async Task RunAsync()
    {
        try
        {
            try
            {
                await (_plan.UsesLease
                    ? new RecordingService(_recorder, _lease, _plan.Configuration, Clock).RecordAsync(_stop.Token)
                    : RecordByTimerAsync(_plan.Configuration.Options.Schedule));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // It was stopped.
            }

            if (_plan.UsesLease)
            {
                await _lease.ReleaseAsync();
            }

            await _journal.DisposeAsync();
            HasEnded = true;
            _world.Trace(this, "has ended");
            Ended();
        }
        catch (Exception exception)
        {
            _world.Faults.Add($"process {Number} has crashed: {exception}");
        }
    }

    /// <summary>As the host of Azure Functions does.</summary>
    private async Task RecordByTimerAsync(Schedule schedule)
    {
        while (true)
        {
            var now = Clock.GetUtcNow();
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((schedule.Next(now) - now).TotalMilliseconds)), Clock, _stop.Token);
            await _recorder.RecordAsync(late: false, "timer", _stop.Token);
        }
    }

    private sealed class Runner(SimulatedProcess process) : IRunner
    {
        public async Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken)
        {
            var (clock, plan, started) = (process.Clock, process._plan, process.Clock.GetUtcNow());
            var takes = TimeSpan.FromMilliseconds(process.Number);
            await Task.Delay(takes, clock, cancellationToken);
            process.Runs++;
            process.Began = process._world.Steps;
            process.FirstRun ??= started;
            var results = Enumerable.Range(0, plan.Targets).Select(target =>
                new CheckResult(Check.Databases, $"db{target}", takes, plan.VerdictOn(target, process._world.Now)));
            return new RunReport(checks, [.. results], started, takes);
        }

        public RunReport Unanswered(CheckSet checks, TimeSpan waited) => throw new NotSupportedException();
    }
}
