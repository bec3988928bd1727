using Azure;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>How the storage misbehaves, until the faults end.</summary>
internal sealed class SimulatedFaults
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _aWhile = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan _late = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _tooLate = TimeSpan.FromSeconds(40);

    private readonly SimulatedWorld _world;
    private readonly SimulatedPlan _plan;
    private readonly (DateTimeOffset From, DateTimeOffset To, int Kind)? _outage;

    public SimulatedFaults(SimulatedWorld world, SimulatedPlan plan)
    {
        (_world, _plan) = (world, plan);
        if (plan.HasOutage)
        {
            var from = world.Between(TimeSpan.Zero, plan.FaultsEnd - plan.Start);
            var length = world.Between(plan.Interval * 0.5, plan.Interval * 6);
            _outage = (plan.Start + from, plan.Start + from + length, world.Chance.Next(3));
        }
    }

    private bool IsOver => _world.Now >= _plan.FaultsEnd;

    /// <summary>Decides what becomes of the next request.</summary>
    /// <param name="what">What is asked for.</param>
    public SimulatedFault Next(string what)
    {
        var fault = new SimulatedFault(_world.Between(_soon, _aWhile), _world.Between(_soon, _aWhile), 1, null, IsLate: false);
        if (IsOver)
        {
            return fault;
        }

        var writes = what is "append" or "write" or "lock";
        if (_outage is var (from, to, kind) && _world.Now >= from && _world.Now < to)
        {
            return kind switch
            {
                0 => fault with { Times = 0, Exception = Busy() },
                1 => fault with { Times = 0, Answers = null },
                _ => writes ? fault with { Times = 0, Exception = Full() } : fault,
            };
        }

        if (!_world.Happens(_plan.Storage))
        {
            return fault;
        }

        return _world.Chance.Next(7) switch
        {
            0 => fault with { Times = 0, Exception = Busy() },
            1 => fault with { Exception = Cut() },
            2 => fault with { Times = 2 },
            3 => fault with { Arrives = _world.Between(_late, _tooLate), IsLate = true },
            4 => fault with { Answers = _world.Between(_late, _tooLate), IsLate = true },
            5 => fault with { Arrives = _world.Between(_late, _tooLate), Times = _world.Chance.Next(2), Answers = null },
            _ => writes ? fault with { Times = 0, Exception = Full() } : fault with { Times = 0, Exception = Cut() },
        };
    }

    /// <summary>Whether a log is cut off while it is read.</summary>
    public bool TearsRead() => !IsOver && _world.Happens(_plan.Storage);

    private static RequestFailedException Busy() => new(503, "The server is busy.", "ServerBusy", null);

    private static RequestFailedException Cut() => new(0, "The connection was cut.", null, new IOException("The connection was cut."));

    private static HistoryFolderException Full() => new(Reason.Full, isOfSingleItem: false, "There is no room.");
}
