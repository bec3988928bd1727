namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>
/// What was announced, and by which process. An announcement is settled once a document says that it was made. From then on no process may
/// make it again; before, another process may do so where the first one was killed or failed by the storage, and where the other one has
/// read <c>latest.json</c> too early to find it there; so may the heir of one that had, has written the state, and was killed.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="processes">All its processes.</param>
/// <param name="what">What they do.</param>
/// <param name="isNoted">Whether <c>latest.json</c> tells that it was done. Before a post it is claimed instead.</param>
internal sealed class Announcements(SimulatedWorld world, IReadOnlyList<SimulatedProcess> processes, string what, bool isNoted)
{
    private const string Firing = "HealthzAlertFiring ";
    private const string Resolved = "HealthzAlertResolved ";

    private readonly Dictionary<string, Announcement> _heard = [];

    private readonly HashSet<string> _all = [];

    /// <summary>What each process has said last of each alert.</summary>
    private readonly Dictionary<(SimulatedProcess Process, string Alert), string> _last = [];

    /// <summary>What was said last of each alert, by whichever process.</summary>
    private readonly Dictionary<string, string> _lastOfAll = [];

    private readonly HashSet<string> _dropped = [];
    private readonly Dictionary<string, int> _settled = [];

    public IReadOnlyCollection<string> All => _all;

    /// <summary>
    /// What was announced again without an excuse, what is wrong with that, and whether the opposite was what was said last of the alert.
    /// </summary>
    public List<(string Message, string Fault, bool FollowsOpposite)> Repeated { get; } = [];

    /// <summary>When it was first kept that anything had been announced; null before.</summary>
    public DateTimeOffset? FirstSettled { get; private set; }

    /// <param name="process">The process that announces.</param>
    /// <param name="message">What it says.</param>
    /// <param name="run">After which of its runs; null for the newest one.</param>
    public void Hear(SimulatedProcess process, string message, int? run = null)
    {
        _all.Add(message);
        var again = new Announcement(process, run ?? process.Runs, world.Steps);
        var followsOpposite = _lastOfAll.GetValueOrDefault(AlertOf(message), message) != message;
        _lastOfAll[AlertOf(message)] = message;
        var hasChanged = HasChanged(process, message);
        if (_heard.TryAdd(message, again))
        {
            return;
        }

        var first = _heard[message];
        if (!process.HadFaultIn(again.Run) && !hasChanged && !(isNoted && HasReadEarly(again, first, message)))
        {
            var how = _settled.ContainsKey(message) ? $"and the first was kept, by process {process.Number}"
                : !first.Process.IsDead && !first.Process.HadFaultIn(first.Run) && !IsCutOff(first)
                    ? $"by processes {first.Process.Number} and {process.Number}, which both live"
                    : null;
            if (how is not null)
            {
                Repeated.Add((message, $"{what} twice, {how}: {message}", followsOpposite));
            }
        }

        // What was kept of the first announcement says nothing about this one.
        _dropped.Remove(message);
        _settled.Remove(message);
        _heard[message] = again;
    }

    /// <summary>Whether it is a post that nobody waits for, because its process was stopped: the next process makes it again.</summary>
    private bool IsCutOff(Announcement post) => !isNoted && post.Process.IsStopped && post.Run == post.Process.Runs;

    /// <summary>
    /// Whether one of the two, or a process that was killed and left the state to it, has read <c>latest.json</c> before the other's
    /// announcement was kept there.
    /// </summary>
    private bool HasReadEarly(Announcement again, Announcement first, string message)
    {
        var settled = _settled.GetValueOrDefault(message, int.MaxValue);
        return processes.Any(one => (one == again.Process || one.KilledAt >= first.Step)
            && one.ReadLatest is var (run, step) && run == one.Runs && step <= settled)
            || (first.HasRead && first.Process != again.Process && again.Process.Began < first.Step);
    }

    /// <summary>
    /// Whether the process has said the opposite since: an alert that is triggered again within its window has the same start, and so the
    /// same words. Then the opposite may be said again, too, by whichever process.
    /// </summary>
    private bool HasChanged(SimulatedProcess process, string message)
    {
        var alert = AlertOf(message);
        if (alert == message)
        {
            return false;
        }

        var hasChanged = _last.TryGetValue((process, alert), out var last) && last != message;
        _last[(process, alert)] = message;
        if (hasChanged && _heard.ContainsKey(message))
        {
            var opposite = message == Firing + alert ? Resolved + alert : Firing + alert;
            _heard.Remove(opposite);
            _settled.Remove(opposite);
            _dropped.Remove(opposite);
        }

        return hasChanged;
    }

    /// <summary>What a message says of an alert without whether it fires; another message as it is.</summary>
    private static string AlertOf(string message) =>
        message.StartsWith(Firing, StringComparison.Ordinal) ? message[Firing.Length..]
        : message.StartsWith(Resolved, StringComparison.Ordinal) ? message[Resolved.Length..] : message;

    /// <summary>It is kept that this process has announced all that it had until a step, and not dropped.</summary>
    public void Settle(SimulatedProcess process, int step)
    {
        FirstSettled ??= world.Now;
        foreach (var (message, heard) in _heard)
        {
            if (heard.Process == process && heard.Step <= step && !_dropped.Contains(message))
            {
                _settled.TryAdd(message, world.Steps);
            }
        }
    }

    /// <summary>The process reads the state again: no document gets what it has announced of a state that it could not write.</summary>
    public void Drop(SimulatedProcess process) =>
        _dropped.UnionWith(from one in _heard where one.Value.Process == process && !_settled.ContainsKey(one.Key) select one.Key);

    /// <summary>Who has said it, after which of its runs, and at which step of the world.</summary>
    private sealed record Announcement(SimulatedProcess Process, int Run, int Step)
    {
        /// <summary>Whether it knew from <c>latest.json</c> that nobody had said it: another one may be about to.</summary>
        public bool HasRead { get; } = Process.ReadLatest?.Run == Run;
    }
}
