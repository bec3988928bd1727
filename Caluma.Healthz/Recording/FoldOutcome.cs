namespace Caluma.Healthz.Recording;

/// <summary>What came of bringing a document up to date with the log.</summary>
internal enum FoldOutcome
{
    /// <summary>It is up to date, and was written.</summary>
    Written,

    /// <summary>It was up to date already, or another process has brought it up to date meanwhile.</summary>
    UpToDate,

    /// <summary>Other processes have written it each time that this one tried.</summary>
    Outrun,
}
