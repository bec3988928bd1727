using System.Net;
using System.Net.Sockets;
using System.Text;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Checks.Caches;
using Caluma.Healthz.Configuration;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>
/// The replies of a server. It sends all of them at the first request, and closes the connection. Where they have <c>{key}</c> and
/// <c>{value}</c>, it sends those of the request, which are others each time.
/// </summary>
internal static class FuzzedReplies
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(0.2);

    public static void TakeMemcached(byte[] replies) => Take(
        replies, port => new MemcachedProbe(new MemcachedCacheOptions("default", [new DnsEndPoint("127.0.0.1", port)])));

    public static void TakeRedis(byte[] replies) => Take(replies, port => new RedisProbe(
        new RedisCacheOptions("default", new ConfigurationOptions { EndPoints = { { IPAddress.Loopback, port } } }), _timeout));

    private static void Take(byte[] replies, Func<int, IProbe> start) => TakeAsync(replies, start).GetAwaiter().GetResult();

    private static async Task TakeAsync(byte[] replies, Func<int, IProbe> start)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var stop = new CancellationTokenSource();
        var serving = ServeAsync(listener, replies, stop.Token);
        using var log = new FuzzLog();
        var probe = start(((IPEndPoint)listener.LocalEndPoint!).Port);
        try
        {
            await RunAsync(probe, log);
        }
        finally
        {
            if (probe is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }

            await stop.CancelAsync();
            await serving;
        }

        log.Hold();
    }

    /// <summary>As the runner does.</summary>
    private static async Task RunAsync(IProbe probe, ILogger log)
    {
        using var deadline = new CancellationTokenSource(_timeout);
        var run = new ProbeRun(probe, CheckSet.All, _timeout, TimeProvider.System, log);
        run.TryBegin();
        try
        {
            await probe.RunAsync(run, deadline.Token);
        }
        catch (Exception exception) when (!deadline.IsCancellationRequested)
        {
            run.Explain(exception);
        }
        catch (Exception)
        {
            // Its time was up.
        }

        run.Close(Reason.Timeout);
    }

    private static async Task ServeAsync(Socket listener, byte[] replies, CancellationToken cancellationToken)
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(AnswerAsync(await listener.AcceptAsync(cancellationToken), replies, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private static async Task AnswerAsync(Socket client, byte[] replies, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                var request = new byte[4096];
                var length = await client.ReceiveAsync(request, cancellationToken);
                await client.SendAsync(Fill(replies, Encoding.Latin1.GetString(request, 0, length)), cancellationToken);
                client.Shutdown(SocketShutdown.Send);
                while (await client.ReceiveAsync(request, cancellationToken) > 0)
                {
                    // What it still asks for has no answer.
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // The client has left, or its time is up.
            }
        }
    }

    /// <summary>Puts key and value of <c>set KEY FLAGS TIME LENGTH, VALUE</c> into the replies.</summary>
    private static byte[] Fill(byte[] replies, string request) =>
        request.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries) is ["set", var key, _, _, _, var value, ..]
            ? Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(replies)
                .Replace("{key}", key, StringComparison.Ordinal).Replace("{value}", value, StringComparison.Ordinal))
            : replies;
}
