using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Replays recorded runs through the rules. It keeps only alerts and incidents, so that any number of runs can be
/// streamed.
/// </summary>
/// <param name="options">The schedule, objective, timeout and maintenance to apply.</param>
internal sealed class Replay(HealthzOptions options)
{
    private readonly AlertEngine _engine = new(options);
    private readonly TrendState _state = new();
    private readonly List<Alert> _alerts = [];
    private readonly List<Incident> _incidents = [];

    /// <summary>The number of runs so far.</summary>
    public int Records { get; private set; }

    /// <summary>All alerts in their newest state, in the order in which they were triggered.</summary>
    public IReadOnlyList<Alert> Alerts => _alerts;

    /// <summary>All incidents in their newest state, in the order in which they were opened.</summary>
    public IReadOnlyList<Incident> Incidents =>
        [.. _incidents.Select(incident =>
            _state.Incidents.Find(state => state.IsOpen && state.Incident.Id == incident.Id)?.Incident ?? incident)];

    /// <summary>Adds the next run; a run that was added before changes nothing.</summary>
    public void Add(RunRecord record)
    {
        if (_state.Seen.Contains(record))
        {
            return;
        }

        Records++;
        var isAdded = !record.Maintenance && options.Maintenance.Any(window => window.Contains(record.Tick));
        var (alerts, incidents) = _engine.Evaluate(_state, isAdded ? record with { Maintenance = true } : record);
        foreach (var alert in alerts)
        {
            AddOrReplace(_alerts, alert, other =>
                other.Resolved is null && other.Rule == alert.Rule && other.Check == alert.Check && other.Target == alert.Target);
        }

        foreach (var (_, incident) in incidents)
        {
            AddOrReplace(_incidents, incident, other => other.Id == incident.Id);
        }
    }

    private static void AddOrReplace<T>(List<T> list, T item, Predicate<T> isSame)
    {
        var at = list.FindLastIndex(isSame);
        if (at < 0)
        {
            list.Add(item);
        }
        else
        {
            list[at] = item;
        }
    }
}
