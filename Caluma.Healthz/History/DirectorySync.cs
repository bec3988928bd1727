using System.Runtime.InteropServices;

namespace Caluma.Healthz.History;

/// <summary>Flushes a folder to the disk, so that a new file in it outlives a loss of power: fsync(2). .NET opens no folders.</summary>
internal static class DirectorySync
{
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // What cannot be opened, or a file system that knows no such thing, is left to the system: the file itself is on the disk.
        var descriptor = Open(path, flags: 0);
        if (descriptor >= 0)
        {
            _ = Synchronize(descriptor);
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
