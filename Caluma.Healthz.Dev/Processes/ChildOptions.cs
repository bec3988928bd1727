namespace Caluma.Healthz.Dev.Processes;

/// <summary>The folder and output of a program. The default output is that of <c>./dev</c>.</summary>
/// <param name="Folder">The working folder.</param>
internal sealed record ChildOptions(string Folder)
{
    /// <summary>The file that gets its output.</summary>
    public string? Log { get; init; }

    /// <summary>Whether to append to that file.</summary>
    public bool AppendsToLog { get; init; }

    /// <summary>Whether to capture its output.</summary>
    public bool Captured { get; init; }

    /// <summary>Its standard input; null for none.</summary>
    public string? Input { get; init; }

    /// <summary>Whether it gets Ctrl-C itself and may ask for a password.</summary>
    public bool SharesSession { get; init; }

    /// <summary>Variables to set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
