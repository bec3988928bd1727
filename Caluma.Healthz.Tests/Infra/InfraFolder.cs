namespace Caluma.Healthz.Tests.Infra;

/// <summary>A copy of <c>infra/</c> that tests can change.</summary>
internal sealed class InfraFolder : IDisposable
{
    private readonly ServerFolder _folder = new("infra");

    /// <param name="copies">The subfolders that each get a copy; none for a copy in the folder itself.</param>
    public InfraFolder(params IReadOnlyCollection<string> copies)
    {
        foreach (var (folder, file) in from folder in copies.DefaultIfEmpty("") from file in Files() select (folder, file))
        {
            var copy = PathOf(System.IO.Path.Combine(folder, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(System.IO.Path.Combine(Origin, file), copy);
        }
    }

    /// <summary>The original.</summary>
    public static string Origin { get; } = System.IO.Path.Combine(Repository.Root, "infra");

    public string Path => _folder.Path;

    /// <summary>The files of a deployment, relative to the folder.</summary>
    public static IEnumerable<string> Files(params IReadOnlyCollection<string> extensions) =>
        from file in Directory.EnumerateFiles(Origin, "*", SearchOption.AllDirectories)
        let extension = System.IO.Path.GetExtension(file)
        where extensions.Count == 0 ? extension is ".bicep" or ".bicepparam" or ".kql" or ".json" : extensions.Contains(extension)
        orderby file
        select System.IO.Path.GetRelativePath(Origin, file);

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>Changes a file, which must have the text to replace.</summary>
    public void Replace(string file, string text, string replacement)
    {
        var content = File.ReadAllText(PathOf(file));
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(PathOf(file), content.Replace(text, replacement, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
