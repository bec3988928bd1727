using System.Net;
using System.Net.Sockets;
using System.Text;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Sets, reads back and deletes a fresh key on each Memcached server, over a fresh connection. Keys are spread over the servers, so one
/// server that is down fails the cache (upstream's client ignores that).
/// </summary>
/// <remarks>
/// The text protocol (https://github.com/memcached/memcached/blob/1.6.18/doc/protocol.txt) is spoken directly: the .NET clients pool their
/// connections, and a pool hides a server that refuses new ones.
/// </remarks>
internal sealed class MemcachedProbe(MemcachedCacheOptions options) : IProbe
{
    private const string KeyPrefix = "healthz:";
    private const int ExpirySeconds = 60;
    private const int MaxLineLength = 512;

    public string Target => options.Alias;

    public IReadOnlyList<Check> Checks { get; } = [Check.Caches];

    public IReadOnlyList<string> HostNames { get; } = NameLookups.NamesOf(options.Servers.Select(server => server.Host));

    public async Task RunAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        var reasons = await Task.WhenAll(options.Servers.Select(server => ReasonForAsync(server, run, cancellationToken)));
        run.Answer(Check.Caches, ReasonPrecedence.FirstFailure(reasons));
    }

    public Reason ReasonFor(Exception exception) =>
        exception is InvalidDataException ? Reason.Protocol : NetworkFailure.ReasonFor(exception);

    private static async Task<Reason?> ReasonForAsync(DnsEndPoint server, ProbeRun run, CancellationToken cancellationToken)
    {
        try
        {
            return await ExerciseAsync(server, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return run.Explain(exception);
        }
    }

    /// <returns>Null where all is well.</returns>
    private static async Task<Reason?> ExerciseAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port, cancellationToken);
        await using var stream = client.GetStream();

        var key = $"{KeyPrefix}{Guid.NewGuid()}";
        var value = Guid.NewGuid().ToString();
        await SendAsync($"set {key} 0 {ExpirySeconds} {value.Length}\r\n{value}\r\n");
        if (await ReceiveAsync() is not "STORED" and var refusal)
        {
            return MemcachedErrors.ReasonFor(refusal) ?? Reason.Protocol;
        }

        await SendAsync($"get {key}\r\n");
        foreach (var line in new[] { $"VALUE {key} 0 {value.Length}", value, "END" })
        {
            var received = await ReceiveAsync();
            if (received != line)
            {
                return MemcachedErrors.ReasonFor(received) ?? Reason.Mismatch;
            }
        }

        await SendAsync($"delete {key}\r\n");
        return await ReceiveAsync() is not "DELETED" and var reply ? MemcachedErrors.ReasonFor(reply) ?? Reason.Mismatch : null;

        // A server that refuses the client may say so and close before the first command.
        async ValueTask SendAsync(string text)
        {
            try
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
            }
            catch (IOException) when (client.Available > 0)
            {
                // Its reply can still be read.
            }
        }

        async Task<string> ReceiveAsync()
        {
            // Byte by byte, so that nothing of the next line is consumed; lines are short.
            var line = new byte[MaxLineLength];
            for (var length = 0; length < MaxLineLength; length++)
            {
                await stream.ReadExactlyAsync(line.AsMemory(length, 1), cancellationToken);
                if (line[length] == '\n')
                {
                    return Encoding.ASCII.GetString(line, 0, length).TrimEnd('\r');
                }
            }

            throw new InvalidDataException("The line is longer than any of the protocol's.");
        }
    }
}
