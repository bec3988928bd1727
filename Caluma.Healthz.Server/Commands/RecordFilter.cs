using Caluma.Healthz.History;

namespace Caluma.Healthz.Server.Commands;

/// <summary>What of recorded runs is wanted.</summary>
/// <param name="Checks">Names of checks; none for all.</param>
/// <param name="Targets">Aliases; none for all.</param>
/// <param name="OnlyFailed">Whether only runs in which something of that failed.</param>
internal sealed record RecordFilter(IReadOnlyList<string> Checks, IReadOnlyList<string> Targets, bool OnlyFailed)
{
    private readonly CheckSet _checks = Checks.Count == 0 ? CheckSet.All : CheckSet.Named(Checks);

    /// <summary>The runs that have any of it, each with nothing else.</summary>
    public IAsyncEnumerable<RunRecord> Apply(IAsyncEnumerable<RunRecord> records) =>
        Checks.Count == 0 && Targets.Count == 0 && !OnlyFailed
            ? records
            : records.Select(Apply).Where(record => record.Checks.Count > 0 && !(OnlyFailed && record.Ok));

    private RunRecord Apply(RunRecord record)
    {
        List<CheckRecord> checks =
            [.. record.Checks.Where(check => _checks.Contains(check.Check) && (Targets.Count == 0 || Targets.Contains(check.Target)))];
        return record with { Checks = checks, Ok = checks.TrueForAll(check => check.Ok) };
    }
}
