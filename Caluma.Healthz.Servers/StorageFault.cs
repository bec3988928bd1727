namespace Caluma.Healthz.Servers;

/// <summary>A fault of a <see cref="StorageProxy"/>.</summary>
internal sealed record StorageFault
{
    private StorageFault()
    {
    }

    /// <summary>The request never reaches the storage, and its connection is cut.</summary>
    public static StorageFault Cut { get; } = new() { CutAfter = 0 };

    /// <summary>The storage executes the request, and the connection is cut before the answer.</summary>
    public static StorageFault LoseAnswer { get; } = new() { Forwards = true, CutAfter = 0 };

    /// <summary>Whether the request reaches the storage.</summary>
    public bool Forwards { get; private init; }

    /// <summary>
    /// The number of bytes of the answer's body after which the connection is cut, 0 for before its head; null for
    /// never.
    /// </summary>
    public int? CutAfter { get; private init; }

    /// <summary>The status of the proxy's own answer; null to pass the storage's answer on.</summary>
    public int? Status { get; private init; }

    /// <summary>The error code of the proxy's own answer.</summary>
    public string Code { get; private init; } = "";

    /// <summary>The task to wait for first.</summary>
    public Task Until { get; private init; } = Task.CompletedTask;

    /// <summary>The proxy refuses the request, which never reaches the storage.</summary>
    public static StorageFault Refuse(int status, string code) => new() { Status = status, Code = code };

    /// <summary>The storage executes the request, and the proxy answers with an error.</summary>
    public static StorageFault Deny(int status, string code) => new() { Forwards = true, Status = status, Code = code };

    /// <summary>The connection is cut in the middle of the answer.</summary>
    public static StorageFault CutAnswerAfter(int bytes) => new() { Forwards = true, CutAfter = bytes };

    /// <summary>The request is delayed.</summary>
    public static StorageFault Delay(Task until) => new() { Forwards = true, Until = until };
}
