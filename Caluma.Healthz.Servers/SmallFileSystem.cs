using System.Diagnostics;
using System.Globalization;

namespace Caluma.Healthz.Servers;

/// <summary>A small file system in memory that can be filled and made read-only. Mounting needs root, or sudo without a password.</summary>
internal sealed class SmallFileSystem : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("healthz-small-");

    private SmallFileSystem()
    {
    }

    public string Path => _folder.FullName;

    /// <param name="kilobytes">Its size.</param>
    public static async Task<SmallFileSystem> MountAsync(int kilobytes)
    {
        var mounted = new SmallFileSystem();
        await RunAsync("mount", "-t", "tmpfs", "-o",
            string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k,mode=777"), "tmpfs", mounted.Path);
        return mounted;
    }

    public Task MakeReadOnlyAsync() => RunAsync("mount", "-o", "remount,ro", Path);

    public Task MakeWritableAsync() => RunAsync("mount", "-o", "remount,rw", Path);

    /// <summary>Fills it with one file.</summary>
    /// <returns>The file.</returns>
    public string Fill()
    {
        var filler = System.IO.Path.Combine(Path, "filler");
        try
        {
            using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
            while (true)
            {
                file.Write(new byte[512]);
            }
        }
        catch (IOException)
        {
            return filler;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        _folder.Delete();
    }

    private static async Task RunAsync(params string[] command)
    {
        string[] all = Environment.IsPrivilegedProcess ? command : ["sudo", "-n", .. command];
        using var process = Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', all)} failed with {process.ExitCode}: {error}");
        }
    }
}
