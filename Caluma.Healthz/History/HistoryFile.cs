using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Azure;

namespace Caluma.Healthz.History;

/// <summary>
/// One file of a history in a folder. When a method returns, its data is on the disk; a concurrent reader sees a whole document or none. A
/// file without write permission stays as it is.
/// </summary>
internal static partial class HistoryFile
{
    /// <summary>The suffix of a document that is being written.</summary>
    public const string Unfinished = ".tmp";

    public static long? Append(string path, ReadOnlySpan<byte> lines)
    {
        if (Directory.Exists(path) || IsProtected(path))
        {
            return null;
        }

        var isNew = !File.Exists(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var start = RandomAccess.GetLength(file);
        try
        {
            RandomAccess.Write(file, lines, start);
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException)
        {
            // A failed write may leave a part of the lines. Where the file cannot be truncated, readers skip that part.
            RandomAccess.SetLength(file, start);
            throw;
        }

        if (isNew)
        {
            DirectorySync.Flush(Path.GetDirectoryName(path)!);
        }

        return start;
    }

    public static Stream? Open(string path, long start, long? end)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            return null;
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = start;
        if (end is null || end >= file.Length)
        {
            return file;
        }

        using (file)
        {
            var content = new byte[Math.Max(0, end.Value - start)];
            file.ReadExactly(content);
            return new MemoryStream(content, writable: false);
        }
    }

    public static StoredDocument? Read(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            return null;
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[file.Length > StoredDocument.MaxLength ? 0 : file.Length];
            file.ReadExactly(content);
            return new StoredDocument(new BinaryData(content), VersionOf(content));
        }
        catch (FileNotFoundException)
        {
            // Another process has deleted the file in the meantime.
            return null;
        }
    }

    public static ETag? Write(string path, BinaryData content, ETag? over)
    {
        if (over != ETag.All && (over is null ? File.Exists(path) || Directory.Exists(path) : Read(path)?.Version != over))
        {
            return null;
        }

        RefuseWhereProtected(path);
        var parent = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(parent);
        var unfinished = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            using (var file = File.OpenHandle(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, content.ToMemory().Span, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(unfinished);
            throw;
        }

        DirectorySync.Flush(parent);
        return VersionOf(content);
    }

    public static bool Delete(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        RefuseWhereProtected(path);
        File.Delete(path);
        return true;
    }

    /// <summary>Deletes all unfinished documents of a folder. Those that cannot be deleted stay: they harm nobody.</summary>
    public static void DeleteUnfinished(string folder)
    {
        try
        {
            var left = Directory.EnumerateFiles(folder, $"*{Unfinished}", new EnumerationOptions { RecurseSubdirectories = true });
            foreach (var path in left.Where(path => UnfinishedName().IsMatch(path)).ToList())
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The write that follows says what is wrong with the folder.
        }
    }

    /// <remarks>A hash of the content: the same content has the same version.</remarks>
    private static ETag VersionOf(ReadOnlySpan<byte> content) => new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");

    private static ETag VersionOf(BinaryData content) => VersionOf(content.ToMemory().Span);

    private static bool IsProtected(string path) => File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly);

    private static void RefuseWhereProtected(string path)
    {
        if (IsProtected(path))
        {
            throw new UnauthorizedAccessException();
        }
    }

    /// <summary>Files of others, such as of a copy that is under way, have other names.</summary>
    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp$")]
    private static partial Regex UnfinishedName();
}
