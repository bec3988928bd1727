using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Caluma.Healthz.Servers;

/// <summary>
/// An HTTP proxy in front of an Azurite. It knows the requests, so that a test can count them and make a certain one fail. (A
/// <see cref="FaultServer"/> breaks connections.)
/// </summary>
internal sealed class StorageProxy : IAsyncDisposable
{
    private readonly HttpForwarder _forwarder;
    private readonly ConcurrentQueue<StorageRequest> _requests = [];
    private readonly AzuriteServer _azurite;
    private readonly SemaphoreSlim _append = new(1);

    private StorageProxy(AzuriteServer azurite)
    {
        _azurite = azurite;
        _forwarder = new HttpForwarder(ServeAsync);
    }

    /// <summary>The connection string of the storage by way of the proxy.</summary>
    public string ConnectionString => ConnectionStringWith(_azurite.AccountKey);

    /// <summary>Chooses the fault of a request; null for none.</summary>
    public Func<StorageRequest, StorageFault?>? Fault { get; set; }

    /// <summary>
    /// The keys of the account that are valid; null for that of the Azurite. An Azurite cannot change its keys while it runs, so the proxy
    /// signs each request anew.
    /// </summary>
    public IReadOnlyCollection<string>? Keys { get; set; }

    /// <summary>The requests since the last clearing, in order.</summary>
    public IReadOnlyList<StorageRequest> Requests => [.. _requests];

    public static async Task<StorageProxy> StartAsync(AzuriteServer azurite)
    {
        var proxy = new StorageProxy(azurite);
        await proxy._forwarder.StartAsync();
        return proxy;
    }

    /// <summary>The connection string with another key.</summary>
    public string ConnectionStringWith(string key) => _azurite.ConnectionStringWith(key).Replace(
        $"http://{AzuriteServer.Host}:{_azurite.Port}/", $"{_forwarder.Address}/", StringComparison.Ordinal);

    /// <summary>Clears the list of requests.</summary>
    public void Clear() => _requests.Clear();

    /// <summary>Applies a fault to the first request that matches <paramref name="which"/>, and to no other.</summary>
    public void FaultOnce(Func<StorageRequest, bool> which, StorageFault fault)
    {
        var left = 1;
        Fault = request => which(request) && Interlocked.Exchange(ref left, 0) == 1 ? fault : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _forwarder.DisposeAsync();
        _append.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/', 4);
        var request = new StorageRequest(
            context.Request.Method, path.ElementAtOrDefault(2) ?? "", path.ElementAtOrDefault(3) ?? "", $"{context.Request.Query["comp"]}")
        {
            Prefix = $"{context.Request.Query["prefix"]}",
        };
        _requests.Enqueue(request);
        var fault = IsSigned(context.Request) ? Fault?.Invoke(request) : StorageFault.Refuse(403, "AuthenticationFailed");
        if (fault is not null)
        {
            await fault.Until;
        }

        using var answer = fault?.Forwards == false ? null : await AskAsync(request, context);
        if (fault?.Status is { } status)
        {
            context.Response.StatusCode = status;
            context.Response.Headers["x-ms-error-code"] = fault.Code;
        }
        else if (fault?.CutAfter == 0)
        {
            context.Abort();
        }
        else
        {
            await PassOnAsync(answer!, context, fault?.CutAfter);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(StorageRequest request, HttpContext context)
    {
        using var message = await HttpForwarder.CopyAsync(context, $"http://{_azurite.EndPoint}", withHost: false);
        if (Keys is not null)
        {
            message.Headers.Remove(HeaderNames.Authorization);
            message.Headers.TryAddWithoutValidation(HeaderNames.Authorization, Sign(context.Request, _azurite.AccountKey));
        }

        // One append at a time: Azurite reads the offset of its answer before it appends, so that two concurrent appends would get the same
        // one. Azure does not.
        using var turn = request.IsAppend ? await TakeTurnAsync() : null;
        return await _forwarder.SendAsync(message, context.RequestAborted);
    }

    private bool IsSigned(HttpRequest request) =>
        Keys is not { } keys || keys.Any(key => request.Headers.Authorization == Sign(request, key));

    private static string Sign(HttpRequest request, string key) => SharedKey.Sign(request, AzuriteServer.AccountName, key);

    private async Task<IDisposable> TakeTurnAsync()
    {
        await _append.WaitAsync();
        return new Turn(_append);
    }

    private static async Task PassOnAsync(HttpResponseMessage answer, HttpContext context, int? cutAfter)
    {
        if (!HttpForwarder.CopyHead(answer, context))
        {
            return;
        }

        var body = await answer.Content.ReadAsByteArrayAsync();
        if (cutAfter is { } bytes && bytes < body.Length)
        {
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body.AsMemory(0, bytes));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(body);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
