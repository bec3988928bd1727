using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>A history in memory.</summary>
internal sealed class MemoryPlace : IStoragePlace
{
    private readonly HashSet<string> _unreadable = [];

    public MemoryHistoryStorage Storage { get; } = new();

    public IHistoryStorage Open() => Storage;

    public Task<string> ReadAsync(string name) => Task.FromResult(Storage.Text(name));

    public Task PutAsync(string name, string content) => Done(() => Storage.Put(name, content));

    public Task AppendAsync(string name, string content) => Done(() => Storage.Append(name, content));

    public Task DeleteAsync(string name) => Done(() => Storage.Delete(name));

    public Task<IReadOnlyList<string>> NamesAsync() => Task.FromResult(Storage.Names);

    public Task RemoveAsync() => Done(Storage.Remove);

    public Task BlockAppendsAsync(string log) => Done(() => Storage.Seal(log));

    public Task BlockReadsAsync(string name)
    {
        _unreadable.Add(name);
        Storage.Fault = request =>
            request.Method == "GET" && _unreadable.Contains(request.Blob) ? StorageFault.Refuse(409, "BlobArchived") : null;
        return Task.CompletedTask;
    }

    public Task PutForeignLogAsync(string log) => PutAsync(log, "nothing of ours");

    public Task<bool> TryBlockChangesAsync(string name)
    {
        Storage.Hold(name);
        return Task.FromResult(true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
