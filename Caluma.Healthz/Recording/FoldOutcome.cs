namespace Caluma.Healthz.Recording;

/// <summary>The outcome of bringing a document up to date with the log.</summary>
internal enum FoldOutcome
{
    /// <summary>The document was brought up to date and written.</summary>
    Written,

    /// <summary>The document was up to date already, or another process has updated it meanwhile.</summary>
    UpToDate,

    /// <summary>Other processes wrote the document at each try.</summary>
    Outrun,
}
