using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>What the rules would have said of recorded runs. Only what has changed is kept, however many runs there are.</summary>
/// <param name="options">The schedule, the objective, the timeout and the maintenance that are tried.</param>
internal sealed class Replay(HealthzOptions options)
{
    private readonly AlertEngine _engine = new(options);
    private readonly TrendState _state = new();
    private readonly List<Alert> _alerts = [];
    private readonly List<Incident> _incidents = [];

    /// <summary>How many runs were taken in.</summary>
    public int Records { get; private set; }

    /// <summary>All alerts, as they are now, in the order in which they triggered.</summary>
    public IReadOnlyList<Alert> Alerts => _alerts;

    /// <summary>All incidents, as they are now, in the order in which they were opened.</summary>
    public IReadOnlyList<Incident> Incidents =>
        [.. _incidents.Select(incident =>
            _state.Incidents.Find(state => state.IsOpen && state.Incident.Id == incident.Id)?.Incident ?? incident)];

    /// <summary>Takes the next run in; one that was taken in before changes nothing.</summary>
    public void Take(RunRecord record)
    {
        if (_state.Seen.Contains(record))
        {
            return;
        }

        Records++;
        var isAdded = !record.Maintenance && options.Maintenance.Any(window => window.Contains(record.Tick));
        var (alerts, incidents) = _engine.Take(_state, isAdded ? record with { Maintenance = true } : record);
        foreach (var alert in alerts)
        {
            Put(_alerts, alert, other =>
                other.Resolved is null && other.Rule == alert.Rule && other.Check == alert.Check && other.Target == alert.Target);
        }

        foreach (var (_, incident) in incidents)
        {
            Put(_incidents, incident, other => other.Id == incident.Id);
        }
    }

    private static void Put<T>(List<T> list, T item, Predicate<T> isSame)
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
