using System.Net.Sockets;

namespace Caluma.Healthz.Tests.Checks.Caches;

/// <summary>
/// A script without end. A Redis with a short <c>busy-reply-threshold</c> meanwhile answers BUSY to all but a few commands, so this speaks
/// to it without a client.
/// </summary>
internal sealed class BusyScript : IAsyncDisposable
{
    private readonly TcpClient _running;
    private readonly RedisServer _server;

    private BusyScript(TcpClient running, RedisServer server) => (_running, _server) = (running, server);

    /// <summary>Starts it, and waits until the server says that it is busy. Its default user needs no password.</summary>
    public static async Task<BusyScript> RunAsync(RedisServer server)
    {
        var running = await SendAsync(server, "EVAL \"while true do end\" 0");
        await Deadline.UntilAsync("the server is busy", () => AnswersAsync(server, "PING", "-BUSY"));
        return new BusyScript(running, server);
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.True(await AnswersAsync(_server, "SCRIPT KILL", "+OK"));
        await Deadline.UntilAsync("the server answers", () => AnswersAsync(_server, "PING", "+PONG"));
        _running.Dispose();
    }

    private static async Task<bool> AnswersAsync(RedisServer server, string command, string answer)
    {
        using var client = await SendAsync(server, command);
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadLineAsync() ?? "").StartsWith(answer, StringComparison.Ordinal);
    }

    private static async Task<TcpClient> SendAsync(RedisServer server, string command)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.EndPoint);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{command}\r\n"));
        return client;
    }
}
