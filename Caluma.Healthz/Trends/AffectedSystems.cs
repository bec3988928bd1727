using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>Systems that fail in the same run.</summary>
/// <param name="Systems">The systems, at least one.</param>
/// <param name="Alerts">Their active alerts.</param>
internal sealed record AffectedSystems(IReadOnlyList<AffectedSystem> Systems, IReadOnlyList<Alert> Alerts)
{
    /// <summary>Where this many systems of several kinds cannot be reached for the same reason, the network has failed.</summary>
    private const int MinOfNetwork = 3;

    /// <summary>The system of an incident about all of them.</summary>
    public AffectedSystem System => AffectedSystem.Of(Systems);

    /// <summary>The checks of their alerts.</summary>
    public CheckSet Checks => CheckSet.Of(Alerts.Select(alert => alert.Check).OfType<Check>());

    /// <summary>Groups alerts by their system.</summary>
    public static IReadOnlyList<AffectedSystems> Of(IEnumerable<Alert> alerts) =>
        [.. alerts.GroupBy(AffectedSystem.Of).Select(system => new AffectedSystems([system.Key], [.. system]))];

    /// <summary>
    /// Merges systems that have one cause: those of one kind, such as the databases of one host, and those of several kinds that a split
    /// network cuts off.
    /// </summary>
    public static IReadOnlyList<AffectedSystems> MergeByCause(IReadOnlyList<AffectedSystems> affected, RunRecord record)
    {
        var cutOff = affected
            .Where(one => one.ReasonIn(record) is Reason.Timeout or Reason.Dns or Reason.Connect)
            .GroupBy(one => one.ReasonIn(record))
            .Where(reason => reason.Count() >= MinOfNetwork && reason.DistinctBy(one => one.System.Kind).Count() > 1)
            .ToList();
        return
        [
            .. cutOff.Select(Merge),
            .. affected.Except(cutOff.SelectMany(reason => reason)).GroupBy(one => one.System.Kind).Select(Merge),
        ];
    }

    /// <summary>Merges several into one.</summary>
    public static AffectedSystems Merge(IEnumerable<AffectedSystems> affected)
    {
        var all = affected.ToList();
        return new AffectedSystems([.. all.SelectMany(one => one.Systems)], [.. all.SelectMany(one => one.Alerts)]);
    }

    /// <summary>
    /// The most frequent reason of their failures in a run. Where several are equally frequent, that of the login counts, because the
    /// other checks depend on it.
    /// </summary>
    public Reason? ReasonIn(RunRecord record) => record.Checks
        .Where(check => !check.Ok && Systems.Any(system => system.IsProbe || system == AffectedSystem.Of(check.Series)))
        .GroupBy(check => check.Reason)
        .OrderByDescending(reason => reason.Count())
        .ThenByDescending(reason => reason.Any(check => check.Check == Check.Databases))
        .FirstOrDefault()?.Key ?? Reason.Unknown;
}
