using Caluma.Healthz.History;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caluma.Healthz.Tests.History;

/// <summary>A history in a temporary folder.</summary>
internal sealed class FolderPlace : IStoragePlace
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("healthz-history-");

    public string Folder => _folder.FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public IHistoryStorage Open() => new FolderHistoryStorage(Folder, TimeProvider.System, NullLogger<FolderHistoryStorage>.Instance);

    public Task<string> ReadAsync(string name) => File.ReadAllTextAsync(PathOf(name), Cancel);

    public async Task PutAsync(string name, string content) => await File.WriteAllTextAsync(PathOf(name), content, Cancel);

    public Task AppendAsync(string name, string content) => File.AppendAllTextAsync(PathOf(name), content, Cancel);

    public Task DeleteAsync(string name)
    {
        File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> NamesAsync() => Task.FromResult<IReadOnlyList<string>>(
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path))
            .Where(name => name != FolderHistoryStorage.LockName)
            .Order(StringComparer.Ordinal),
    ]);

    public Task RemoveAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    public async Task BlockAppendsAsync(string log)
    {
        await AppendAsync(log, "");
        File.SetAttributes(PathOf(log), FileAttributes.ReadOnly);
    }

    /// <remarks>A folder in the place of the file, because root may read every file.</remarks>
    public Task BlockReadsAsync(string name)
    {
        File.Delete(PathOf(name));
        Directory.CreateDirectory(PathOf(name));
        return Task.CompletedTask;
    }

    public Task PutForeignLogAsync(string log) => BlockReadsAsync(log);

    public Task<bool> TryBlockChangesAsync(string name)
    {
        File.SetAttributes(PathOf(name), FileAttributes.ReadOnly);
        return Task.FromResult(true);
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder))
        {
            _folder.Delete(recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private string PathOf(string name)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
