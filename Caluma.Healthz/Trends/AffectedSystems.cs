using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>Systems that fail within the same run, and what tells of it.</summary>
/// <param name="Systems">At least one.</param>
/// <param name="Alerts">Those of them that are active.</param>
internal sealed record AffectedSystems(IReadOnlyList<AffectedSystem> Systems, IReadOnlyList<Alert> Alerts)
{
    /// <summary>So many systems of several kinds that cannot be reached for one reason have lost a network, not themselves.</summary>
    private const int MinOfNetwork = 3;

    /// <summary>All of them as one.</summary>
    public AffectedSystem System => AffectedSystem.Of(Systems);

    /// <summary>The checks that they fail.</summary>
    public CheckSet Checks => CheckSet.Of(Alerts.Select(alert => alert.Check).OfType<Check>());

    /// <summary>One for each system.</summary>
    public static IReadOnlyList<AffectedSystems> Of(IEnumerable<Alert> alerts) =>
        [.. alerts.GroupBy(AffectedSystem.Of).Select(system => new AffectedSystems([system.Key], [.. system]))];

    /// <summary>
    /// Takes those together that have one cause: all of one kind, such as the databases of a host; of several kinds, those that a network
    /// that is split cuts off.
    /// </summary>
    public static IReadOnlyList<AffectedSystems> Together(IReadOnlyList<AffectedSystems> affected, RunRecord record)
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

    /// <summary>All of them as one.</summary>
    public static AffectedSystems Merge(IEnumerable<AffectedSystems> affected)
    {
        var all = affected.ToList();
        return new AffectedSystems([.. all.SelectMany(one => one.Systems)], [.. all.SelectMany(one => one.Alerts)]);
    }

    /// <summary>
    /// The most frequent reason of their checks in a run; of several the one of the login, on which the other checks depend.
    /// </summary>
    public Reason? ReasonIn(RunRecord record) => record.Checks
        .Where(check => !check.Ok && Systems.Any(system => system.IsProbe || system == AffectedSystem.Of(check.Series)))
        .GroupBy(check => check.Reason)
        .OrderByDescending(reason => reason.Count())
        .ThenByDescending(reason => reason.Any(check => check.Check == Check.Databases))
        .FirstOrDefault()?.Key ?? Reason.Unknown;
}
