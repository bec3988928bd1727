namespace Caluma.Healthz.Dev;

/// <summary>A clone and the files that <c>./dev</c> keeps in it.</summary>
/// <param name="root">The folder with Caluma.Healthz.slnx.</param>
/// <param name="state">The folder of logs, data and keys; null for .dev/ in the clone, which is git-ignored.</param>
internal sealed class Workspace(string root, string? state = null)
{
    public string Root => root;

    public string State { get; } = state ?? Path.Combine(root, ".dev");

    /// <summary>A file or folder of <see cref="State"/>.</summary>
    public string PathOf(string name) => Path.Combine(State, name);

    /// <summary>The log of a program.</summary>
    public string LogOf(string name) => PathOf($"{name}.log");

    /// <summary>A path relative to the clone, for messages.</summary>
    public string Shown(string path) => Path.GetRelativePath(root, path);
}
