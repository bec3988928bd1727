namespace Caluma.Healthz.History;

/// <summary>What of recorded runs is wanted.</summary>
/// <param name="Checks">Of which checks; none for all.</param>
/// <param name="Targets">Of which aliases; none for all.</param>
/// <param name="OnlyFailed">Whether only runs in which something of that failed.</param>
internal sealed record RecordFilter(CheckSet Checks, IReadOnlyList<string> Targets, bool OnlyFailed)
{
    /// <summary>All of all runs.</summary>
    public static RecordFilter None { get; } = new(default, [], OnlyFailed: false);

    private bool IsNone => Checks.IsEmpty && Targets.Count == 0 && !OnlyFailed;

    /// <summary>The runs that have any of it, each with nothing else.</summary>
    public IAsyncEnumerable<RunRecord> Apply(IAsyncEnumerable<RunRecord> records) =>
        IsNone ? records : records.Select(Apply).OfType<RunRecord>();

    /// <summary>What a run has of it; null where it has nothing.</summary>
    public RunRecord? Apply(RunRecord record)
    {
        if (IsNone)
        {
            return record;
        }

        List<CheckRecord> checks = [.. record.Checks.Where(IsWanted)];
        var isOk = checks.TrueForAll(check => check.Ok);
        return checks.Count == 0 || (OnlyFailed && isOk) ? null : record with { Checks = checks, Ok = isOk };
    }

    private bool IsWanted(CheckRecord check) =>
        (Checks.IsEmpty || Checks.Contains(check.Check)) && (Targets.Count == 0 || Targets.Contains(check.Target));
}
