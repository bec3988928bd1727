using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Servers;

/// <summary>A web server in this process, on a free loopback port. A <see cref="FaultServer"/> in front of it adds faults.</summary>
internal abstract class WebServer : IAsyncDisposable
{
    private int _refused;

    /// <param name="certificate">Its certificate; null for a server without TLS.</param>
    protected WebServer(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        Routes = builder.Build();
        Routes.Use((context, next) => Hangs ? HangAsync(context) : Refusal is { } status ? RefuseAsync(context, status) : next(context));
    }

    /// <summary>Whether it answers nothing. A request that hangs does so until its caller ends, and then never came.</summary>
    public bool Hangs { get; set; }

    /// <summary>The status with which it refuses each request; null for none.</summary>
    public int? Refusal { get; set; }

    /// <summary>The body of each refusal. Clients may put it into what they log.</summary>
    public string RefusalText { get; set; } = "";

    /// <summary>The number of refusals.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>The address, such as <c>http://127.0.0.1:12345</c>.</summary>
    public string Address => Routes.Urls.Single();

    public IPEndPoint EndPoint => IPEndPoint.Parse(new Uri(Address).Authority);

    /// <summary>Where derived classes map their routes.</summary>
    protected WebApplication Routes { get; }

    public async ValueTask DisposeAsync()
    {
        await Routes.StopAsync();
        await Routes.DisposeAsync();
    }

    protected static async Task<T> StartAsync<T>(T server)
        where T : WebServer
    {
        await server.Routes.StartAsync();
        return server;
    }

    private static Task HangAsync(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted)
        .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private Task RefuseAsync(HttpContext context, int status)
    {
        Interlocked.Increment(ref _refused);
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(RefusalText, context.RequestAborted);
    }
}
