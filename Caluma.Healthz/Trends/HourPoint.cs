namespace Caluma.Healthz.Trends;

/// <summary>What of a whole hour the rules need to know.</summary>
internal sealed class HourPoint
{
    /// <summary>Its first moment.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How many runs count.</summary>
    public int Runs { get; set; }

    /// <summary>How many of those failed.</summary>
    public int Failed { get; set; }

    /// <summary>The p95 of the passing ones in milliseconds; null where there were too few to tell.</summary>
    public double? P95 { get; init; }
}
