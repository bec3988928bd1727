using Microsoft.AspNetCore.Http;

namespace Caluma.Healthz.Servers;

/// <summary>
/// An HTTP proxy in front of a real S3 server. With it a test imitates other S3 stores: it answers requests itself, or changes the server's
/// answers.
/// </summary>
internal sealed class S3Proxy : IAsyncDisposable
{
    private readonly HttpForwarder _forwarder;
    private readonly string _upstream;

    private S3Proxy(Uri upstream)
    {
        _upstream = upstream.GetLeftPart(UriPartial.Authority);
        _forwarder = new HttpForwarder(ServeAsync);
    }

    public Uri Endpoint => new(_forwarder.Address);

    /// <summary>Answers a request with a status and a body; null to forward it.</summary>
    public Func<HttpRequest, (int Status, string Body)?> Answer { get; set; } = _ => null;

    /// <summary>Changes what the real server answers.</summary>
    public Action<HttpResponse> Change { get; set; } = _ => { };

    /// <summary>Starts one.</summary>
    /// <param name="upstream">The real server.</param>
    public static async Task<S3Proxy> StartAsync(Uri upstream)
    {
        var proxy = new S3Proxy(upstream);
        await proxy._forwarder.StartAsync();
        return proxy;
    }

    /// <summary>An error as S3 writes it.</summary>
    public static string Error(string code) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>canary</Message></Error>";

    public ValueTask DisposeAsync() => _forwarder.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var message = await HttpForwarder.CopyAsync(context, _upstream, withHost: true);
        if (Answer(context.Request) is { } answer)
        {
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = "application/xml";
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.WriteAsync(answer.Body, context.RequestAborted);
            }

            return;
        }

        using var response = await _forwarder.SendAsync(message, context.RequestAborted);
        var hasBody = HttpForwarder.CopyHead(response, context);
        Change(context.Response);
        if (hasBody)
        {
            await context.Response.Body.WriteAsync(
                await response.Content.ReadAsByteArrayAsync(context.RequestAborted), context.RequestAborted);
        }
    }
}
