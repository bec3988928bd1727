using System.Globalization;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>
/// One thread, one clock and one source of chance: the steps of all that is simulated, in the order of their times, and by chance where
/// those are the same. So all that happens follows from the seed alone.
/// </summary>
internal sealed class SimulatedWorld
{
    /// <summary>Many times as many as any seed takes: one that takes more goes on for ever.</summary>
    private const int MaxSteps = 100_000;

    private readonly PriorityQueue<(SimulatedProcess? Process, Action Run), (long Time, int Chance)> _steps = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<string>? _trace;
    private DateOnly _newestDay;

    /// <param name="seed">What all follows from.</param>
    /// <param name="start">The time at first.</param>
    /// <param name="trace">Gets what happens, a line for each step; null for none.</param>
    public SimulatedWorld(Random seed, DateTimeOffset start, List<string>? trace)
    {
        (Chance, Now, _trace) = (seed, start, trace);
        Clock = new SimulatedClock(this, null);
    }

    public Random Chance { get; }

    public DateTimeOffset Now { get; private set; }

    /// <summary>The clock of the storage, which is right.</summary>
    public SimulatedClock Clock { get; }

    /// <summary>How many steps were made.</summary>
    public int Steps { get; private set; }

    /// <summary>What must not have happened.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>
    /// Whether a record came to the log of a day after one of the next day had: of a clock that is behind, or kept while the storage was
    /// away. Then the log is not in the order in which it was written.
    /// </summary>
    public bool HasGoneBackADay { get; private set; }

    /// <summary>Notes that a record comes to the log of a day.</summary>
    public void NoteDay(DateOnly day)
    {
        HasGoneBackADay |= day < _newestDay;
        _newestDay = day > _newestDay ? day : _newestDay;
    }

    /// <summary>Whether something happens that does so once in a thousand times as often as given.</summary>
    public bool Happens(int perThousand) => perThousand > 0 && Chance.Next(1000) < perThousand;

    public TimeSpan Between(TimeSpan min, TimeSpan max) => min + ((max - min) * Chance.NextDouble());

    /// <summary>Lets something be done later.</summary>
    /// <param name="delay">How much later.</param>
    /// <param name="process">The process that does it, unless it was killed meanwhile. Null for the world itself.</param>
    /// <param name="run">What.</param>
    public void After(TimeSpan delay, SimulatedProcess? process, Action run)
    {
        RequireThread();
        _steps.Enqueue((process, run), ((Now + delay).UtcTicks, Chance.Next()));
    }

    /// <summary>Makes all steps up to a time.</summary>
    public void RunUntil(DateTimeOffset end)
    {
        while (_steps.TryPeek(out var step, out var at) && at.Time <= end.UtcTicks)
        {
            _steps.Dequeue();
            Now = new DateTimeOffset(at.Time, TimeSpan.Zero);
            if (step.Process is not { } process)
            {
                step.Run();
            }
            else if (process.Lives())
            {
                step.Run();
            }

            if (++Steps > MaxSteps)
            {
                throw new InvalidOperationException($"It goes on for ever: {MaxSteps} steps.");
            }
        }

        Now = end;
    }

    /// <summary>Adds a line to the trace, where there is one.</summary>
    public void Trace(SimulatedProcess? process, string what, string name = "")
    {
        if (_trace is not null)
        {
            var who = process is null ? "world" : $"process {process.Number}";
            var line = string.Create(CultureInfo.InvariantCulture, $"{Steps,6} {Now:MM-dd HH:mm:ss.fff} {who,-10} {what} {name}");
            _trace.Add(line.TrimEnd());
        }
    }

    /// <summary>Fails if work of a process has slipped to another thread: nothing would follow from the seed any more.</summary>
    public void RequireThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("Work of a simulated process runs on a thread of its own.");
        }
    }
}
