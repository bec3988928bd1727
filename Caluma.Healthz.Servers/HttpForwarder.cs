using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Caluma.Healthz.Servers;

/// <summary>An HTTP server on a free port that forwards requests unchanged, because they are signed. Its owner adds the rest.</summary>
internal sealed class HttpForwarder : IAsyncDisposable
{
    private readonly WebApplication _server;

    // The forwarded request must be the signed one: no redirects, cookies or own headers.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    public HttpForwarder(RequestDelegate serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(serve);
    }

    /// <summary>Its address, once it is started: <c>http://127.0.0.1:1234</c>.</summary>
    public string Address => _server.Urls.Single();

    public Task StartAsync() => _server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    /// <summary>Makes the forwarded request.</summary>
    /// <param name="context">The original request.</param>
    /// <param name="upstream">The address of the real server, such as <c>http://127.0.0.1:1234</c>.</param>
    /// <param name="withHost">Whether to keep the Host header, because it is signed.</param>
    public static async Task<HttpRequestMessage> CopyAsync(HttpContext context, string upstream, bool withHost)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var message = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri($"{upstream}{target}"));
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (context.Request.ContentLength is not null)
        {
            message.Content = new ByteArrayContent(body.ToArray());
        }

        var headers = context.Request.Headers.Where(header =>
            header.Key is not ("Connection" or "Content-Length" or "Expect") && (withHost || header.Key != "Host"));
        foreach (var (name, values) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!);
            }
        }

        return message;
    }

    /// <summary>Sends a request to the real server.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken) =>
        _client.SendAsync(message, cancellationToken);

    /// <summary>Copies the status and headers of the real server's answer.</summary>
    /// <returns>Whether a body follows.</returns>
    public static bool CopyHead(HttpResponseMessage answer, HttpContext context)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key is not ("Transfer-Encoding" or "Connection")))
        {
            context.Response.Headers[name] = new StringValues([.. values]);
        }

        return !HttpMethods.IsHead(context.Request.Method)
            && answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified);
    }
}
