using System.Globalization;

namespace Caluma.Healthz.History;

/// <summary>A log or a document in a listing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Version">Its version, which changes with each write.</param>
internal sealed record StoredItem(string Name, long Length, string Version)
{
    /// <summary>Makes an item of a file, or of a folder that has the name of one.</summary>
    public static StoredItem Of(string name, FileSystemInfo item)
    {
        var length = item is FileInfo { Exists: true } file ? file.Length : 0;
        return new StoredItem(name, length, string.Create(CultureInfo.InvariantCulture, $"{length}-{item.LastWriteTimeUtc.Ticks}"));
    }
}
