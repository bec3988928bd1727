using System.Globalization;

namespace Caluma.Healthz.History;

/// <summary>A log or a document, as it is listed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Version">Another one each time that it is written.</param>
internal sealed record StoredItem(string Name, long Length, string Version)
{
    /// <summary>A file, or a folder that is in the place of one.</summary>
    public static StoredItem Of(string name, FileSystemInfo item)
    {
        var length = item is FileInfo { Exists: true } file ? file.Length : 0;
        return new StoredItem(name, length, string.Create(CultureInfo.InvariantCulture, $"{length}-{item.LastWriteTimeUtc.Ticks}"));
    }
}
