using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.History;

/// <summary>
/// The history in a folder: logs are appended to and flushed to the disk, documents are replaced by a rename, and a lock admits one writer
/// at a time. A file without write permission stays as it is. The files are the same as in a blob container, so one can be copied to the
/// other.
/// </summary>
/// <param name="folder">The path of the folder, which is created where it is missing.</param>
/// <param name="time">The clock by which the lock of a recorder expires.</param>
/// <param name="logger">Gets each problem of the folder once.</param>
internal sealed class FolderHistoryStorage(string folder, TimeProvider time, ILogger<FolderHistoryStorage> logger) : IHistoryStorage
{
    /// <summary>The lock of all writes; no part of the history.</summary>
    public const string LockName = ".lock";

    private readonly FolderLock _lock = new(folder);
    private string? _told;

    /// <summary>Read and written under the lock.</summary>
    private bool _hasTidied;

    public long Calls => 0;

    public Task<bool> ExistsAsync(CancellationToken cancellationToken) => RunAsync(null, () => Directory.Exists(folder), cancellationToken);

    public Task<long?> AppendAsync(string name, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) =>
        WriteAsync(name, () => HistoryFile.Append(PathOf(name), lines.Span), cancellationToken);

    public Task<Stream?> OpenAsync(string name, long start, long? end, CancellationToken cancellationToken) =>
        RunAsync(name, () => HistoryFile.Open(PathOf(name), start, end), cancellationToken);

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(name, () => HistoryFile.Read(PathOf(name)), cancellationToken);

    public Task<ETag?> WriteAsync(string name, BinaryData content, ETag? over, CancellationToken cancellationToken) =>
        WriteAsync(name, () => HistoryFile.Write(PathOf(name), content, over), cancellationToken);

    public async IAsyncEnumerable<StoredItem> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var item in await RunAsync(null, () => List(prefix), cancellationToken))
        {
            yield return item;
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        WriteAsync(name, () => HistoryFile.Delete(PathOf(name)), cancellationToken);

    /// <remarks>A lease like Azure's: it expires when its holder dies, even where the file system keeps the lock.</remarks>
    public Task<bool> TryLockAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken) => WriteAsync(
        name,
        () =>
        {
            var now = time.GetUtcNow();
            if (HolderOf(name) is { } held && held.Holder != holder && held.Until > now)
            {
                return false;
            }

            HistoryFile.Write(PathOf(name), new BinaryData(
                string.Create(CultureInfo.InvariantCulture, $"{holder} {(now + duration).ToUnixTimeMilliseconds()}\n")), ETag.All);
            return true;
        },
        cancellationToken);

    public Task UnlockAsync(string name, string holder, CancellationToken cancellationToken) =>
        WriteAsync(name, () => HolderOf(name)?.Holder == holder && HistoryFile.Delete(PathOf(name)), cancellationToken);

    private (string Holder, DateTimeOffset Until)? HolderOf(string name) =>
        HistoryFile.Read(PathOf(name))?.Content.ToString().Split(' ', '\n') is [var holder, var until, ..]
        && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? (holder, DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())))
            : null;

    private List<StoredItem> List(string prefix)
    {
        var within = Path.Combine(folder, Path.GetDirectoryName(prefix) ?? "");
        if (!Directory.Exists(within))
        {
            return [];
        }

        return
        [
            .. new DirectoryInfo(within).EnumerateFileSystemInfos(
                "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 })
                .Select(item => (Item: item, Name: Path.GetRelativePath(folder, item.FullName).Replace(Path.DirectorySeparatorChar, '/')))
                .Where(found => (found.Item is FileInfo || found.Name.EndsWith(".json", StringComparison.Ordinal)
                    || found.Name.EndsWith(".jsonl", StringComparison.Ordinal))
                    && found.Name.StartsWith(prefix, StringComparison.Ordinal)
                    && found.Name != LockName
                    && !found.Name.EndsWith(HistoryFile.Unfinished, StringComparison.Ordinal))
                .OrderBy(found => found.Name, StringComparer.Ordinal)
                .Select(found => StoredItem.Of(found.Name, found.Item)),
        ];
    }

    private string PathOf(string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));

    private async Task<T> WriteAsync<T>(string name, Func<T> write, CancellationToken cancellationToken)
    {
        IDisposable held;
        try
        {
            held = await _lock.AcquireAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Log(FolderFailure.Explain(exception, folder, null));
        }

        try
        {
            // The lock is held until all is written, even after the caller was cancelled.
            var result = await RunAsync(
                name,
                () =>
                {
                    using (held)
                    {
                        TidyOnce();
                        return write();
                    }
                },
                cancellationToken);
            _told = null;
            return result;
        }
        catch (HistoryFolderException exception)
        {
            throw Log(exception);
        }
    }

    /// <summary>Calls the file system on another thread: a network file system may hang, and takes no cancellation.</summary>
    private async Task<T> RunAsync<T>(string? name, Func<T> action, CancellationToken cancellationToken)
    {
        var task = Task.Run(action, CancellationToken.None);
        try
        {
            return await task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = task.ContinueWith(late =>
                late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderFailure.Explain(exception, folder, name);
        }
    }

    /// <summary>Deletes the documents that killed processes have left unfinished: under the lock nobody writes one.</summary>
    private void TidyOnce()
    {
        if (!_hasTidied)
        {
            _hasTidied = true;
            HistoryFile.DeleteUnfinished(folder);
        }
    }

    private HistoryFolderException Log(HistoryFolderException exception)
    {
        if (Interlocked.Exchange(ref _told, exception.Message) != exception.Message)
        {
            HistoryLog.FolderUnusable(logger, exception.Reason.Code(), exception.Message);
        }

        return exception;
    }
}
