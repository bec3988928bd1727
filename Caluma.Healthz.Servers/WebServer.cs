using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Servers;

/// <summary>A web server in this process, on a free loopback port. A <see cref="FaultServer"/> in front of it adds faults.</summary>
internal abstract class WebServer : IAsyncDisposable
{
    protected WebServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        Routes = builder.Build();
        Routes.Urls.Add("http://127.0.0.1:0");
        Routes.Use((context, next) => Hangs ? HangAsync(context) : next(context));
    }

    /// <summary>Whether it answers nothing. A request that hangs does so until its caller ends, and then never came.</summary>
    public bool Hangs { get; set; }

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
}
