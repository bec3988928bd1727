namespace Caluma.Healthz.History;

/// <summary>Filters recorded runs by check, target and verdict.</summary>
/// <param name="Checks">The wanted checks; empty for all.</param>
/// <param name="Targets">The wanted aliases; empty for all.</param>
/// <param name="OnlyFailed">Whether to keep only runs in which one of these failed.</param>
internal sealed record RecordFilter(CheckSet Checks, IReadOnlyList<string> Targets, bool OnlyFailed)
{
    /// <summary>Keeps everything.</summary>
    public static RecordFilter None { get; } = new(default, [], OnlyFailed: false);

    private bool IsNone => Checks.IsEmpty && Targets.Count == 0 && !OnlyFailed;

    /// <summary>The matching runs, each with its matching results.</summary>
    public IAsyncEnumerable<RunRecord> Apply(IAsyncEnumerable<RunRecord> records) =>
        IsNone ? records : records.Select(Apply).OfType<RunRecord>();

    /// <summary>A run with its matching results; null where it has none.</summary>
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
