using Caluma.Healthz.Configuration;
using Caluma.Healthz.Tests.Configuration;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>What a seed has in store: the schedule, the processes, when the systems are down, and how the storage misbehaves.</summary>
internal sealed class SimulatedPlan
{
    private const int QuietTicks = 9;

    private static readonly DateTimeOffset _midnight = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Longer than a lease lasts, and than a request is late.</summary>
    private static readonly TimeSpan _minQuiet = TimeSpan.FromMinutes(3);

    /// <summary>Longer than a webhook is left alone after it has failed.</summary>
    private static readonly TimeSpan _minQuietWithWebhook = TimeSpan.FromMinutes(12);

    private static readonly (string Schedule, TimeSpan Interval)[] _schedules =
    [
        ("0 * * * * *", TimeSpan.FromMinutes(1)),
        ("0 * * * * *", TimeSpan.FromMinutes(1)),
        ("*/15 * * * * *", TimeSpan.FromSeconds(15)),
        ("0 0 * * * *", TimeSpan.FromHours(1)),
    ];

    /// <summary>Read once: reading settings takes as long as a seed.</summary>
    private static readonly HealthzConfiguration[] _configurations =
    [
        .. from webhook in (string[])["", "https://receiver.example/hook"]
           from one in _schedules
           select Settings.Read([
               "Healthz__Checks=databases", "Healthz__History__ConnectionString=UseDevelopmentStorage=true",
               $"Healthz__Schedule={one.Schedule}", .. webhook is "" ? (string[])[] : [$"Healthz__Webhook={webhook}"]]),
    ];

    private readonly List<(int Target, DateTimeOffset From, DateTimeOffset To, Reason Reason)> _down = [];

    public SimulatedPlan(int seed)
    {
        Chance = new Random(seed);
        var schedule = Chance.Next(_schedules.Length);
        HasWebhook = Chance.Next(3) == 0;
        Configuration = _configurations[(HasWebhook ? _schedules.Length : 0) + schedule];
        Interval = _schedules[schedule].Interval;
        var ticks = Chance.Next(5, 16);
        Start = _midnight - (Interval * (Chance.Next(2) == 0 ? Chance.Next(ticks) : 2 * ticks)) - TimeSpan.FromSeconds(5);
        FaultsEnd = Start + (Interval * ticks);
        var quiet = Interval * QuietTicks;
        var minQuiet = HasWebhook ? _minQuietWithWebhook : _minQuiet;
        End = FaultsEnd + (quiet < minQuiet ? minQuiet : quiet) + TimeSpan.FromSeconds(14);
        UsesLease = Chance.Next(4) != 0;
        Processes = UsesLease ? Chance.Next(1, 5) : Chance.Next(1, 3);
        Targets = Chance.Next(1, 3);
        Kills = Chance.Next(3) != 0;
        Stops = Chance.Next(3) == 0;
        HasWrongClocks = Chance.Next(6) == 0;
        BreaksLocks = UsesLease && Chance.Next(4) == 0;
        LosesDocuments = Chance.Next(8) == 0;
        Storage = Chance.Next(4) switch { 0 => 0, 1 => 10, 2 => 40, _ => 150 };
        HasOutage = Chance.Next(3) == 0;
        for (var down = Chance.Next(4); down > 0; down--)
        {
            var from = Start + (Interval * Chance.Next(ticks));
            _down.Add((Chance.Next(Targets), from, from + (Interval * Chance.Next(1, 7)), (Reason)Chance.Next(1, 5)));
        }
    }

    /// <summary>What goes on deciding.</summary>
    public Random Chance { get; }

    public HealthzConfiguration Configuration { get; }

    public TimeSpan Interval { get; }

    public DateTimeOffset Start { get; }

    /// <summary>From then on nothing goes wrong.</summary>
    public DateTimeOffset FaultsEnd { get; }

    public DateTimeOffset End { get; }

    /// <summary>How many processes there are at once.</summary>
    public int Processes { get; }

    /// <summary>How many systems are checked.</summary>
    public int Targets { get; }

    /// <summary>Whether they are servers, of which the one that holds the lease records; else each records.</summary>
    public bool UsesLease { get; }

    public bool HasWebhook { get; }

    /// <summary>Whether processes are killed, at any await.</summary>
    public bool Kills { get; }

    /// <summary>Whether they are stopped as a platform stops them.</summary>
    public bool Stops { get; }

    public bool HasWrongClocks { get; }

    /// <summary>How much a clock may be ahead or behind.</summary>
    public TimeSpan MaxSkew => Interval * 2;

    /// <summary>Whether the lease is broken.</summary>
    public bool BreaksLocks { get; }

    /// <summary>Whether documents that can be made anew are torn.</summary>
    public bool LosesDocuments { get; }

    /// <summary>How many of a thousand requests to the storage go wrong.</summary>
    public int Storage { get; }

    /// <summary>Whether the storage is away for a while.</summary>
    public bool HasOutage { get; }

    /// <summary>Why a system is down; null where it is not.</summary>
    public Reason? VerdictOn(int target, DateTimeOffset time)
    {
        foreach (var (down, from, to, reason) in _down)
        {
            if (down == target && time >= from && time < to)
            {
                return reason;
            }
        }

        return null;
    }
}
