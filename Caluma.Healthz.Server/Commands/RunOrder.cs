using Caluma.Healthz.History;

namespace Caluma.Healthz.Server.Commands;

/// <summary>
/// Puts runs into the order of time. Several servers, and those that wrote late, leave some that are out of it; only so many are held at
/// once, whatever the length of the file.
/// </summary>
internal sealed class RunOrder
{
    /// <summary>How many runs one may come too late: three and a half days of minutes.</summary>
    public const int MaxHeld = 5000;

    private readonly PriorityQueue<RunRecord, (DateTimeOffset Tick, long Number)> _held = new();
    private DateTimeOffset? _newest;
    private DateTimeOffset? _taken;
    private long _number;
    private long _late;

    /// <summary>Whether a run came too late to be put into its place.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What is to be said of the order; null where it was right.</summary>
    public string? Note => _late == 0 ? null
        : FormattableString.Invariant($"Note: {_late} runs came after a later one, and were put into the order of time.");

    public void Add(RunRecord run)
    {
        IsBroken |= run.Tick < _taken;
        _late += run.Tick < _newest ? 1 : 0;
        _newest = run.Tick < _newest ? _newest : run.Tick;
        _held.Enqueue(run, (run.Tick, _number++));
    }

    /// <summary>The earliest runs, until no more than so many are held.</summary>
    public IEnumerable<RunRecord> Next(int held)
    {
        while (_held.Count > held)
        {
            var run = _held.Dequeue();
            _taken = run.Tick;
            yield return run;
        }
    }
}
