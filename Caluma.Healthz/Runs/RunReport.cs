using Caluma.Healthz.Checks;

namespace Caluma.Healthz.Runs;

/// <summary>The results of one run.</summary>
/// <param name="Checks">The checks of the run.</param>
/// <param name="Results">One for each check and target, in the order of the report and then of the aliases.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record RunReport(CheckSet Checks, IReadOnlyList<CheckResult> Results, DateTimeOffset StartedAt, TimeSpan Duration)
{
    /// <summary>Whether every check passed on every target.</summary>
    public bool Ok => Results.All(result => result.Ok);

    /// <summary>The same run with the results of <paramref name="checks"/> only; the same report where those are all.</summary>
    public RunReport Only(CheckSet checks) => checks.Includes(Checks)
        ? this
        : this with { Checks = Checks.Intersect(checks), Results = [.. Results.Where(result => checks.Contains(result.Check))] };
}
