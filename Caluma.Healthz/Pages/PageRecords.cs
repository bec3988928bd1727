using Caluma.Healthz.History;

namespace Caluma.Healthz.Pages;

/// <summary>The recorded runs of a page's period.</summary>
/// <param name="Runs">The runs that can be read.</param>
/// <param name="Unreadable">The days with records that cannot be read.</param>
internal sealed record PageRecords(IReadOnlyList<RunRecord> Runs, IReadOnlyCollection<DateOnly> Unreadable)
{
    public static PageRecords None { get; } = new([], []);

    /// <summary>The text where no run failed.</summary>
    public string DescribeNone() => (Runs.Count, Unreadable.Count) switch
    {
        ( > 0, _) => "None.",
        (0, > 0) => "The runs of this time cannot be read.",
        _ => "The runs of this time are no longer kept, or none was recorded.",
    };
}
