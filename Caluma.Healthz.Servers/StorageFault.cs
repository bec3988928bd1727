namespace Caluma.Healthz.Servers;

/// <summary>What a <see cref="StorageProxy"/> does to a request.</summary>
internal sealed record StorageFault
{
    private StorageFault()
    {
    }

    /// <summary>The request never reaches the storage, and its connection is cut.</summary>
    public static StorageFault Cut { get; } = new() { CutAfter = 0 };

    /// <summary>The storage does what it is asked for, and the connection is cut before it has said so.</summary>
    public static StorageFault LoseAnswer { get; } = new() { Forwards = true, CutAfter = 0 };

    /// <summary>Whether the storage gets to see the request.</summary>
    public bool Forwards { get; private init; }

    /// <summary>After how many bytes of the answer's body the connection is cut, 0 being before its head; null where it is not.</summary>
    public int? CutAfter { get; private init; }

    /// <summary>The status of the proxy's own answer; null where the storage's is passed on.</summary>
    public int? Status { get; private init; }

    /// <summary>The error code of the proxy's own answer.</summary>
    public string Code { get; private init; } = "";

    /// <summary>What is waited for before anything else is done.</summary>
    public Task Until { get; private init; } = Task.CompletedTask;

    /// <summary>The storage never sees the request, and the proxy refuses it.</summary>
    public static StorageFault Refuse(int status, string code) => new() { Status = status, Code = code };

    /// <summary>The storage does what it is asked for, and the proxy says that it has not.</summary>
    public static StorageFault Deny(int status, string code) => new() { Forwards = true, Status = status, Code = code };

    /// <summary>The connection is cut in the middle of the answer.</summary>
    public static StorageFault CutAnswerAfter(int bytes) => new() { Forwards = true, CutAfter = bytes };

    /// <summary>The request is passed on late.</summary>
    public static StorageFault Delay(Task until) => new() { Forwards = true, Until = until };
}
