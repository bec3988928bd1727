using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Caluma.Healthz.Servers;

/// <summary>A web server in this process that keeps the posts to it. A <see cref="FaultServer"/> in front of it adds faults.</summary>
internal sealed class NotificationReceiver : WebServer
{
    private readonly ConcurrentQueue<ReceivedPost> _received = [];

    private NotificationReceiver() => Routes.MapPost("/{**path}", TakeAsync);

    /// <summary>The status of its answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>The posts that were answered with success, in order.</summary>
    public IReadOnlyList<ReceivedPost> Received => [.. _received];

    /// <summary>The number of posts, with success or not.</summary>
    public int Asked { get; private set; }

    public static Task<NotificationReceiver> StartAsync() => StartAsync(new NotificationReceiver());

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
