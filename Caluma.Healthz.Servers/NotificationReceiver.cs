using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Servers;

/// <summary>A web server in this process that keeps the posts to it. A <see cref="FaultServer"/> in front of it adds faults.</summary>
internal sealed class NotificationReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedPost> _received = [];
    private readonly WebApplication _server;

    private NotificationReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapPost("/{**path}", TakeAsync);
    }

    public IPEndPoint EndPoint => IPEndPoint.Parse(new Uri(_server.Urls.Single()).Authority);

    /// <summary>The status of its answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>The posts that were answered with success, in order.</summary>
    public IReadOnlyList<ReceivedPost> Received => [.. _received];

    /// <summary>The number of posts, with success or not.</summary>
    public int Asked { get; private set; }

    public static async Task<NotificationReceiver> StartAsync()
    {
        var receiver = new NotificationReceiver();
        await receiver._server.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        Asked++;
        if (Status is >= 200 and < 300)
        {
            _received.Enqueue(new ReceivedPost(
                request.Path, request.Headers.ToDictionary(header => header.Key, header => $"{header.Value}"), body));
        }

        return Results.StatusCode(Status);
    }
}
