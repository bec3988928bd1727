namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>A line of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of the values, such as <c>ms</c>; empty for a count.</param>
/// <param name="Ours">What the probe comes to.</param>
internal sealed record Row(string Name, string Unit, Samples Ours)
{
    /// <summary>What it is compared with: a floor or a peer; null where it is not compared.</summary>
    public string? Against { get; init; }

    /// <summary>What that comes to, in the same rounds.</summary>
    public Samples? Theirs { get; init; }

    public Goal? Goal { get; init; }

    /// <summary>How many times as much as what it is compared with, round by round; null where it is not compared.</summary>
    public Samples? Ratio => Theirs is null ? null : Ours.Over(Theirs);

    /// <summary>Null where there is no goal.</summary>
    public bool? IsMet => Goal?.IsMetBy((Goal.IsOfRatio ? Ratio! : Ours).Median);
}
