using System.Globalization;

namespace Caluma.Healthz.Servers;

/// <summary>Finds processes and their descendants in /proc.</summary>
internal static class ProcessTree
{
    /// <summary>A living process and all its descendants, parents before their children.</summary>
    public static IReadOnlyList<int> Of(int processId)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<(int Id, int Parent, string State)>()
            .ToLookup(process => process.Parent, process => process.Id);
        var tree = IsAlive(processId) ? new List<int> { processId } : [];
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]]);
        }

        return tree;
    }

    /// <summary>Whether a process is alive; a zombie is not.</summary>
    public static bool IsAlive(int processId) => Read(processId) is not null;

    /// <summary>Whether a process was stopped by SIGSTOP.</summary>
    public static bool IsStopped(int processId) => Read(processId) is { State: "T" };

    private static (int Id, int Parent, string State)? Read(int processId)
    {
        try
        {
            // "id (name) state parent …", and the name may hold anything.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : (processId, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0]);
        }
        catch (IOException)
        {
            // The process has just ended.
            return null;
        }
    }
}
