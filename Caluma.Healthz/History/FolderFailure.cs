namespace Caluma.Healthz.History;

/// <summary>
/// Classifies exceptions of the file system by errno of Linux, and by the numbers of macOS and Windows where they
/// differ.
/// </summary>
internal static class FolderFailure
{
    public const string Setting = "Healthz__History__Folder";

    /// <summary>Whether another process or handle has locked a file: EAGAIN, ERROR_SHARING_VIOLATION.</summary>
    public static bool IsLocked(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <summary>Makes an exception that says what to do.</summary>
    /// <param name="exception">The exception of the file system.</param>
    /// <param name="folder">The folder of the history.</param>
    /// <param name="name">The name of the log or document; null for the folder itself.</param>
    public static HistoryFolderException Explain(Exception exception, string folder, string? name)
    {
        var (reason, problem, fix) = exception switch
        {
            // ENOSPC, EDQUOT, ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL; EFBIG.
            IOException { HResult: 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027) or 27 } =>
                (Reason.Full, "has no space left",
                    "make room, or shorten Healthz__History__RetentionDays; what is pending is written then"),
            IOException { HResult: 30 or unchecked((int)0x80070013) } =>
                (Reason.ReadOnly, "is on a file system that is read-only", "mount it writable"),
            IOException { HResult: 37 or 95 or 38 } =>
                (Reason.Unknown, "is on a file system without locks", "use one with locks, such as ext4, XFS, or NFS from version 4 on"),
            UnauthorizedAccessException when name is null =>
                (Reason.Permission, "may not be written by this process", "let the user it runs as own it (in Kubernetes, set fsGroup)"),
            UnauthorizedAccessException => (Reason.Permission,
                "may not be read or written by this process, or is a folder", "give it back to the user the probe runs as"),
            DirectoryNotFoundException or FileNotFoundException => (Reason.Missing, "is not there", "mount it, or create it"),
            _ => (Reason.Protocol, "cannot be used", $"look at the file system ({exception.GetType().Name} {exception.HResult & 0xFFFF})"),
        };
        var isOfSingleItem = name is not null && exception is UnauthorizedAccessException or IOException { HResult: 5 or 117 or 40 or 21 };
        return new HistoryFolderException(reason, isOfSingleItem, $"{Setting} is {folder}: {name ?? "it"} {problem}; {fix}.", exception);
    }
}
