using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <content>What a test does to the history, and sees of it, as somebody else would.</content>
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

    /// <summary>Forgets what was asked.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    /// <summary>What a log or document holds.</summary>
    public string Text(string name)
    {
        lock (_lock)
        {
            return new BinaryData(_blobs[name].Content).ToString();
        }
    }

    /// <summary>Writes as somebody else would.</summary>
    /// <param name="name">The log or document.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="isLog">Whether it is a log, which takes appends.</param>
    public void Put(string name, string content, bool isLog = false)
    {
        lock (_lock)
        {
            _exists = true;
            _blobs[name] = new MemoryBlob { IsLog = isLog, Content = BinaryData.FromString(content).ToArray(), Version = ++_versions };
        }
    }

    /// <summary>Appends to a log as somebody else would, and creates it where it is missing.</summary>
    public void Append(string log, string content)
    {
        lock (_lock)
        {
            _blobs.TryAdd(log, new MemoryBlob { IsLog = true });
            _blobs[log].Append(BinaryData.FromString(content));
            _blobs[log].Version = ++_versions;
        }
    }

    /// <summary>Deletes a log or document as somebody else would.</summary>
    public void Delete(string name)
    {
        lock (_lock)
        {
            _blobs.Remove(name);
        }
    }

    /// <summary>Lets a log take no more.</summary>
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

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    public void Release(string name)
    {
        lock (_lock)
        {
            _blobs[name].Holder = null;
        }
    }

    /// <summary>Breaks the first request of those that <paramref name="which"/> is true of, and no other.</summary>
    public void FaultOnce(Func<StorageRequest, bool> which, StorageFault fault)
    {
        var left = 1;
        Fault = request => which(request) && Interlocked.Exchange(ref left, 0) == 1 ? fault : null;
    }

    /// <summary>Removes the container, with all that is in it.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _exists = false;
            _blobs.Clear();
        }
    }
}
