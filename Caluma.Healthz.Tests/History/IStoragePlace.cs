using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>A place for a history of its own, which a test can also get at as somebody else would.</summary>
internal interface IStoragePlace : IAsyncDisposable
{
    /// <summary>The storage as a new process opens it.</summary>
    IHistoryStorage Open();

    /// <summary>What a log or document holds.</summary>
    Task<string> ReadAsync(string name);

    /// <summary>Puts a document there that is none of ours, or a log that was not appended to.</summary>
    Task PutAsync(string name, string content);

    /// <summary>Appends to a log what is no record, and creates it where it is missing.</summary>
    Task AppendAsync(string name, string content);

    /// <summary>Deletes a log or document.</summary>
    Task DeleteAsync(string name);

    /// <summary>The names of all logs and documents, in order.</summary>
    Task<IReadOnlyList<string>> NamesAsync();

    /// <summary>Removes the container or folder, with all that is in it.</summary>
    Task RemoveAsync();

    /// <summary>Lets a log, which may be missing, take no more.</summary>
    Task BlockAppendsAsync(string log);

    /// <summary>Puts something in the place of a log to which nothing can be appended, and in which no record is.</summary>
    Task PutForeignLogAsync(string log);

    /// <summary>Lets a log or document be there that cannot be read.</summary>
    Task BlockReadsAsync(string name);

    /// <summary>Lets a log or document be there that cannot be written or deleted; false where this place knows no such thing.</summary>
    Task<bool> TryBlockChangesAsync(string name);
}
