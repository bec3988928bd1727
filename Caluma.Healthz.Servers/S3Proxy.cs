using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Caluma.Healthz.Servers;

/// <summary>
/// An HTTP proxy in front of a real S3 server. With it a test has the server answer as another make does: it answers requests itself, or
/// changes the server's answers.
/// </summary>
internal sealed class S3Proxy : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Uri _upstream;

    // What is passed on must be what was signed: no redirects, cookies or headers of its own.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    });

    private S3Proxy(Uri upstream)
    {
        _upstream = upstream;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(ServeAsync);
    }

    public Uri Endpoint => new(_server.Urls.Single());

    /// <summary>The status and the body that a request is answered with; null where the real server answers.</summary>
    public Func<HttpRequest, (int Status, string Body)?> Answer { get; set; } = _ => null;

    /// <summary>Changes what the real server answers.</summary>
    public Action<HttpResponse> Change { get; set; } = _ => { };

    /// <summary>Starts one.</summary>
    /// <param name="upstream">The real server.</param>
    public static async Task<S3Proxy> StartAsync(Uri upstream)
    {
        var proxy = new S3Proxy(upstream);
        await proxy._server.StartAsync();
        return proxy;
    }

    /// <summary>An error as S3 writes it.</summary>
    public static string Error(string code) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>canary</Message></Error>";

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
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

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var message = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri($"{_upstream.GetLeftPart(UriPartial.Authority)}{target}"));
        if (context.Request.ContentLength is not null)
        {
            message.Content = new ByteArrayContent(body.ToArray());
        }

        var headers = context.Request.Headers.Where(header => header.Key is not ("Connection" or "Content-Length" or "Expect"));
        foreach (var (name, values) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!);
            }
        }

        using var response = await _client.SendAsync(message, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Transfer-Encoding" or "Connection")))
        {
            context.Response.Headers[name] = new StringValues([.. values]);
        }

        Change(context.Response);
        if (!HttpMethods.IsHead(context.Request.Method) && response.StatusCode is not HttpStatusCode.NoContent)
        {
            await context.Response.Body.WriteAsync(
                await response.Content.ReadAsByteArrayAsync(context.RequestAborted), context.RequestAborted);
        }
    }
}
