using System.Runtime.CompilerServices;
using Azure;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>
/// A history in memory, for tests that are not about the storage. <see cref="StorageTests"/> check that it behaves like Azurite: errors,
/// versions and requests. All writers of a history share it.
/// </summary>
/// <param name="time">The clock by which a lock expires.</param>
internal sealed partial class MemoryHistoryStorage(TimeProvider? time = null) : IHistoryStorage
{
    private const int Attempts = 3;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MemoryBlob> _blobs = new(StringComparer.Ordinal);
    private readonly List<StorageRequest> _requests = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private bool _exists = true;
    private long _versions;

    public long Calls { get; private set; }

    /// <summary>How many bytes of documents were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Chooses the fault of a request, like a <see cref="StorageProxy"/>; null for none.</summary>
    public Func<StorageRequest, StorageFault?>? Fault { get; set; }

    /// <summary>The requests since the last clearing, in order.</summary>
    public IReadOnlyList<StorageRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public Task<bool> ExistsAsync(CancellationToken cancellationToken) => AskAsync("GET", "", "", () => _exists, cancellationToken);

    public async Task<long?> AppendAsync(string name, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await AskAsync("PUT", name, "appendblock", () => Append(name, lines), cancellationToken);
            }
            catch (RequestFailedException exception)
                when (exception.Status is 409 or 412 && !exception.ErrorCode!.StartsWith("Container", StringComparison.Ordinal))
            {
                return null;
            }
            catch (RequestFailedException exception) when (exception.Status == 404 && attempt < 2)
            {
                if (exception.ErrorCode == "ContainerNotFound")
                {
                    await AskAsync("PUT", "", "", () => _exists = true, cancellationToken);
                }

                await AskAsync("PUT", name, "", () =>
                    _blobs.TryAdd(name, new MemoryBlob { IsLog = true, Version = ++_versions }), cancellationToken);
            }
        }
    }

    public Task<Stream?> OpenAsync(string name, long start, long? end, CancellationToken cancellationToken) =>
        AskAsync("GET", name, "", () => Find(name) is { } blob ? Part(blob.Content, start, end ?? long.MaxValue) : null, cancellationToken);

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken) => ReadAsync(name, null, cancellationToken);

    public Task<StoredDocument?> ReadAgainAsync(string name, ETag known, CancellationToken cancellationToken) =>
        ReadAsync(name, known, cancellationToken);

    public async Task<ETag?> WriteAsync(string name, BinaryData content, ETag? over, CancellationToken cancellationToken)
    {
        var (calls, mine) = (Calls, (ETag?)null);
        var written = await AskAsync("PUT", name, "", Write, cancellationToken);
        return written is null && Calls > calls + 1
            ? await AskAsync("HEAD", name, "", () => Find(name) is { } blob && VersionOf(blob) == mine ? mine : null, cancellationToken)
            : written;

        ETag? Write()
        {
            RefuseWithoutContainer();
            var blob = Find(name);
            if (over is null ? blob is not null : over != ETag.All && (blob is null || VersionOf(blob) != over))
            {
                return null;
            }

            RefuseWhereHeld(blob);
            _blobs[name] = new MemoryBlob { Content = content.ToArray(), Version = ++_versions };
            return mine = VersionOf(_blobs[name]);
        }
    }

    public async IAsyncEnumerable<StoredItem> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = await AskAsync(
            "GET",
            "",
            "list",
            () => _blobs.Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(blob => new StoredItem(blob.Key, blob.Value.Content.Length, $"{VersionOf(blob.Value)}")).ToList(),
            cancellationToken);
        foreach (var item in items)
        {
            yield return item;
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => AskAsync(
        "DELETE",
        name,
        "",
        () =>
        {
            RefuseWhereHeld(Find(name));
            return _blobs.Remove(name);
        },
        cancellationToken);

    public Task<bool> TryLockAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken) => AskAsync(
        "PUT",
        name,
        "lease",
        () =>
        {
            _exists = true;
            _blobs.TryAdd(name, new MemoryBlob { Version = ++_versions });
            var blob = _blobs[name];
            if (IsHeld(blob) && blob.Holder != holder)
            {
                return false;
            }

            (blob.Holder, blob.HeldUntil) = (holder, _time.GetUtcNow() + duration);
            return true;
        },
        cancellationToken);

    public Task UnlockAsync(string name, string holder, CancellationToken cancellationToken) => AskAsync(
        "PUT", name, "lease", () => Find(name) is { } blob && blob.Holder == holder ? blob.Holder = null : null, cancellationToken);

    private static ETag VersionOf(MemoryBlob blob) => new($"\"{blob.Version}\"");

    private static Stream Part(ReadOnlyMemory<byte> content, long start, long end) =>
        start >= content.Length ? Stream.Null : new BinaryData(content[(int)start..(int)Math.Min(end, content.Length)]).ToStream();

    private static RequestFailedException Refusal(int status, string code) => new(status, code, code, innerException: null);

    private Task<StoredDocument?> ReadAsync(string name, ETag? known, CancellationToken cancellationToken) => AskAsync(
        "GET",
        name,
        "",
        () =>
        {
            if (Find(name) is not { } blob)
            {
                return null;
            }

            var content = VersionOf(blob) == known ? BinaryData.Empty : new BinaryData(blob.Content);
            Sent += content.ToMemory().Length;
            return new StoredDocument(content, VersionOf(blob));
        },
        cancellationToken);

    private MemoryBlob? Find(string name) => _blobs.GetValueOrDefault(name);

    private long? Append(string name, ReadOnlyMemory<byte> lines)
    {
        RefuseWithoutContainer();
        var blob = Find(name) ?? throw Refusal(404, "BlobNotFound");
        if (!blob.IsLog)
        {
            throw Refusal(409, "InvalidBlobType");
        }

        if (blob.IsSealed)
        {
            throw Refusal(409, "BlobIsSealed");
        }

        RefuseWhereHeld(blob);
        var start = blob.Content.Length;
        blob.Append(lines.Span);
        blob.Version = ++_versions;
        return start;
    }

    private void RefuseWithoutContainer()
    {
        if (!_exists)
        {
            throw Refusal(404, "ContainerNotFound");
        }
    }

    private void RefuseWhereHeld(MemoryBlob? blob)
    {
        if (blob is not null && IsHeld(blob))
        {
            throw Refusal(412, "LeaseIdMissing");
        }
    }

    private bool IsHeld(MemoryBlob blob) => blob.Holder is not null && blob.HeldUntil > _time.GetUtcNow();

    /// <summary>Retries like the client of Azure: three times without an answer, or when the server is busy.</summary>
    private async Task<T> AskAsync<T>(string method, string name, string operation, Func<T> answer, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var request = new StorageRequest(method, "", name, operation);
            lock (_lock)
            {
                _requests.Add(request);
                Calls++;
            }

            var fault = Fault?.Invoke(request);
            await (fault?.Until ?? Task.CompletedTask).WaitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            T? result = default;
            if (fault is null or { Forwards: true })
            {
                lock (_lock)
                {
                    result = answer();
                }
            }

            switch (fault)
            {
                case { CutAfter: 0 } or { Status: >= 500 } when attempt < Attempts:
                    continue;
                case { Status: { } status }:
                    throw Refusal(status, fault.Code);
                case { CutAfter: 0 }:
                    throw new IOException("The connection was cut.");
                case { CutAfter: { } bytes } when result is Stream stream:
                    return (T)(object)new CutStream(stream, bytes);
                default:
                    return result!;
            }
        }
    }
}
