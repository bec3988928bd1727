using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <content>Changes and reads the history like another process.</content>
internal sealed partial class MemoryHistoryStorage
{
    /// <summary>The names of all logs and documents, in order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _blobs.Keys];
            }
        }
    }

    /// <summary>Clears the list of requests.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    /// <summary>The content of a log or document.</summary>
    public string Text(string name)
    {
        lock (_lock)
        {
            return new BinaryData(_blobs[name].Content).ToString();
        }
    }

    /// <summary>The version of a log or document, as it is listed; null where there is none.</summary>
    public string? VersionOf(string name)
    {
        lock (_lock)
        {
            return Find(name) is { } blob ? $"{VersionOf(blob)}" : null;
        }
    }

    /// <summary>Writes like another process.</summary>
    /// <param name="name">The log or document.</param>
    /// <param name="content">The content.</param>
    /// <param name="isLog">Whether it accepts appends.</param>
    public void Put(string name, string content, bool isLog = false)
    {
        lock (_lock)
        {
            _exists = true;
            _blobs[name] = new MemoryBlob { IsLog = isLog, Content = BinaryData.FromString(content).ToArray(), Version = ++_versions };
        }
    }

    /// <summary>Appends to a log like another process, and creates it if it is missing.</summary>
    public void Append(string log, string content)
    {
        lock (_lock)
        {
            _blobs.TryAdd(log, new MemoryBlob { IsLog = true });
            _blobs[log].Append(BinaryData.FromString(content));
            _blobs[log].Version = ++_versions;
        }
    }

    /// <summary>Deletes a log or document like another process.</summary>
    public void Delete(string name)
    {
        lock (_lock)
        {
            _blobs.Remove(name);
        }
    }

    /// <summary>Makes a log refuse appends.</summary>
    public void Seal(string log)
    {
        lock (_lock)
        {
            _blobs.TryAdd(log, new MemoryBlob { IsLog = true, Version = ++_versions });
            _blobs[log].IsSealed = true;
        }
    }

    /// <summary>Locks a log or document for ever, so that it can neither be written nor deleted.</summary>
    public void Hold(string name)
    {
        lock (_lock)
        {
            (_blobs[name].Holder, _blobs[name].HeldUntil) = ("somebody", DateTimeOffset.MaxValue);
        }
    }

    /// <summary>Ends a <see cref="Hold"/>.</summary>
    public void Release(string name)
    {
        lock (_lock)
        {
            _blobs[name].Holder = null;
        }
    }

    /// <summary>Applies a fault to the first request that matches <paramref name="which"/>, and to no other.</summary>
    public void FaultOnce(Func<StorageRequest, bool> which, StorageFault fault)
    {
        var left = 1;
        Fault = request => which(request) && Interlocked.Exchange(ref left, 0) == 1 ? fault : null;
    }

    /// <summary>Removes the container with its content.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _exists = false;
            _blobs.Clear();
        }
    }
}
