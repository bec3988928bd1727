using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>
/// Recording as a whole, from a seed: recorders, journals, folds, the lease and announcements of one to four processes on a storage that
/// misbehaves, in virtual time and on one thread. <see cref="Run"/> says what of what is promised did not hold.
/// </summary>
internal sealed class Simulation
{
    private readonly SimulatedPlan _plan;
    private readonly SimulatedFaults _faults;
    private readonly List<SimulatedProcess> _now = [];
    private bool _isOver;

    private Simulation(int seed, List<string>? trace)
    {
        _plan = new SimulatedPlan(seed);
        World = new SimulatedWorld(_plan.Chance, _plan.Start, trace);
        Memory = new MemoryHistoryStorage(World.Clock);
        _faults = new SimulatedFaults(World, _plan);
        Heard = new Announcements(World, Processes, "announced", isNoted: true);
        Taken = new Announcements(World, Processes, "posted", isNoted: false);
    }

    public SimulatedPlan Plan => _plan;

    public SimulatedWorld World { get; }

    public MemoryHistoryStorage Memory { get; }

    public Announcements Heard { get; }

    /// <summary>What the webhook was sent.</summary>
    public Announcements Taken { get; }

    /// <summary>The process that first noted what the webhook was sent: incidents that were over before are not posted.</summary>
    public SimulatedProcess? FirstToDeliver => Processes.Where(process => process.Delivers is not null).MinBy(process => process.Delivers);

    /// <summary>All processes that there ever were.</summary>
    public List<SimulatedProcess> Processes { get; } = [];

    /// <summary>Whether a document was lost, of which not all can be made anew.</summary>
    public bool HasLostState { get; private set; }

    /// <summary>Runs all that a seed has in store.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="trace">Gets what happens; null for none.</param>
    /// <returns>What did not hold, and how many steps it took.</returns>
    public static (IReadOnlyList<string> Faults, int Steps) Run(int seed, List<string>? trace = null)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var simulation = new Simulation(seed, trace);
        try
        {
            simulation.Run();
            simulation.World.Faults.AddRange(new SimulationProof(simulation).Find());
        }
        catch (Exception exception)
        {
            simulation.World.Faults.Add($"{exception}");
        }
        finally
        {
            simulation.Processes.ForEach(process => process.Dispose());
            SynchronizationContext.SetSynchronizationContext(context);
        }

        return (simulation.World.Faults, simulation.World.Steps);
    }

    /// <summary>Lets all processes be killed, and another one record the first run of the next day.</summary>
    public void RecordTomorrow()
    {
        _isOver = true;
        _now.ToList().ForEach(process => process.Kill());
        World.Trace(null, "the next day begins");

        // When the last lease is over.
        var midnight = new DateTimeOffset((World.Now + TimeSpan.FromMinutes(2)).UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        World.RunUntil(midnight - TimeSpan.FromSeconds(5));
        StartNew();
        World.RunUntil(midnight + TimeSpan.FromSeconds(14));
    }

    private void Run()
    {
        for (var slot = 0; slot < _plan.Processes; slot++)
        {
            StartNew();
        }

        Disturb();
        World.RunUntil(_plan.FaultsEnd);
        foreach (var process in _now)
        {
            process.StepsToLive = int.MaxValue;
            process.Clock.Skew = TimeSpan.Zero;
        }

        World.Trace(null, "nothing goes wrong from now on");
        World.RunUntil(_plan.End);
    }

    private void StartNew()
    {
        SimulatedProcess process = null!;
        process = new SimulatedProcess(Processes.Count + 1, World, _plan, Memory, _faults, Heard, Taken)
        {
            Ended = () =>
            {
                _now.Remove(process);
                if (_isOver)
                {
                    return;
                }

                World.After(World.Between(TimeSpan.Zero, _plan.Interval * (World.Now < _plan.FaultsEnd ? 2 : 0.2)), null, StartNew);
            },
        };
        if (World.Now < _plan.FaultsEnd)
        {
            process.StepsToLive = _plan.Kills && World.Happens(700) ? World.Chance.Next(1, 400) : int.MaxValue;
            process.Clock.Skew = _plan.HasWrongClocks ? World.Between(-_plan.MaxSkew, _plan.MaxSkew) : TimeSpan.Zero;
        }

        Processes.Add(process);
        _now.Add(process);
        process.Start();
    }

    /// <summary>Lets things be done to it that come from outside.</summary>
    private void Disturb()
    {
        for (var stops = _plan.Stops ? World.Chance.Next(1, 4) : 0; stops > 0; stops--)
        {
            Sometime(() =>
            {
                if (_now.Count > 0)
                {
                    _now[World.Chance.Next(_now.Count)].Stop();
                }
            });
        }

        for (var breaks = _plan.BreaksLocks ? World.Chance.Next(1, 6) : 0; breaks > 0; breaks--)
        {
            Sometime(() => With("recorder.lock", "is broken", Memory.Release));
        }

        for (var losses = _plan.LosesDocuments ? World.Chance.Next(1, 4) : 0; losses > 0; losses--)
        {
            var name = World.Chance.Next(3) switch
            {
                0 => TrendState.BlobName,
                1 => LatestRun.BlobName,
                _ => Caluma.Healthz.History.HistoryNames.Rollup(DateOnly.FromDateTime(_plan.FaultsEnd.UtcDateTime)),
            };
            HasLostState |= name is TrendState.BlobName or LatestRun.BlobName;
            Sometime(() => With(
                name, "is lost or torn", lost => Memory.Put(lost, Memory.Text(lost)[..World.Chance.Next(Memory.Text(lost).Length)])));
        }

        void Sometime(Action act) => World.After(World.Between(TimeSpan.Zero, _plan.FaultsEnd - _plan.Start), null, act);

        void With(string name, string what, Action<string> act)
        {
            if (Memory.Names.Contains(name))
            {
                World.Trace(null, what, name);
                act(name);
            }
        }
    }
}
