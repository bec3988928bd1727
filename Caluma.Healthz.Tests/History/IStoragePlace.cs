using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>A place for the history of one test, which the test can also change like another process.</summary>
internal interface IStoragePlace : IAsyncDisposable
{
    /// <summary>The storage, opened anew.</summary>
    IHistoryStorage Open();

    /// <summary>The content of a log or document.</summary>
    Task<string> ReadAsync(string name);

    /// <summary>Writes a document or a log, bypassing the storage.</summary>
    Task PutAsync(string name, string content);

    /// <summary>Appends any text to a log, and creates the log if it is missing.</summary>
    Task AppendAsync(string name, string content);

    /// <summary>Deletes a log or document.</summary>
    Task DeleteAsync(string name);

    /// <summary>The names of all logs and documents, in order.</summary>
    Task<IReadOnlyList<string>> NamesAsync();

    /// <summary>Removes the container or folder with its content.</summary>
    Task RemoveAsync();

    /// <summary>Makes a log, which may be missing, refuse appends.</summary>
    Task BlockAppendsAsync(string log);

    /// <summary>Replaces a log by something that refuses appends and has no records.</summary>
    Task PutForeignLogAsync(string log);

    /// <summary>Makes a log or document exist that cannot be read.</summary>
    Task BlockReadsAsync(string name);

    /// <summary>Makes a log or document exist that cannot be written or deleted; false where this place has no such thing.</summary>
    Task<bool> TryBlockChangesAsync(string name);
}
