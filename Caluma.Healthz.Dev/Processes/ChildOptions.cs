namespace Caluma.Healthz.Dev.Processes;

/// <summary>Where a program runs, and where its output goes: to that of <c>./dev</c>, where nothing else is said.</summary>
/// <param name="Folder">Where it runs.</param>
internal sealed record ChildOptions(string Folder)
{
    /// <summary>The file that its output goes to.</summary>
    public string? Log { get; init; }

    /// <summary>Whether what the file has in it stays.</summary>
    public bool AppendsToLog { get; init; }

    /// <summary>Whether <c>./dev</c> reads its output.</summary>
    public bool Captured { get; init; }

    /// <summary>What it reads; null for nothing.</summary>
    public string? Input { get; init; }

    /// <summary>Whether it gets Ctrl-C itself, and may ask for a password.</summary>
    public bool SharesSession { get; init; }

    /// <summary>Variables to set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
