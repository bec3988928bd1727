namespace Caluma.Healthz.History;

/// <summary>
/// Admits one writer to a folder, across processes and threads: an exclusive lock of a file, which the operating system releases with the
/// process (flock on Linux and macOS, the sharing mode on Windows).
/// </summary>
internal sealed class FolderLock(string folder)
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the lock, and creates the folder where it is missing.</summary>
    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire() is { } held)
            {
                return held;
            }

            await Task.Delay(_pollInterval, cancellationToken);
        }
    }

    /// <returns>Null where another writer holds the lock.</returns>
    public IDisposable? TryAcquire()
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(Path.Combine(folder, FolderHistoryStorage.LockName),
                FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException exception) when (FolderFailure.IsLocked(exception))
        {
            return null;
        }
    }
}
