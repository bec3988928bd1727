using System.Net;
using System.Net.Sockets;
using System.Text;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Sets, reads back and deletes a fresh key on each server of a Memcached, each on a fresh connection. Keys are spread over the
/// servers, so one that is down fails the cache (upstream's client swallows that).
/// </summary>
/// <remarks>
/// The text protocol (https://github.com/memcached/memcached/blob/1.6.18/doc/protocol.txt) in a few lines: the clients
/// for .NET pool their connections, and a pool hides a server that takes no new ones.
/// </remarks>
internal sealed class MemcachedProbe(MemcachedCacheOptions options) : IProbe
{
    private const string KeyPrefix = "healthz:";
    private const int ExpirySeconds = 60;
    private const int MaxLineLength = 512;

    public string Target => options.Alias;

    public IReadOnlyList<Check> Checks { get; } = [Check.Caches];

    public async Task RunAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        var reasons = await Task.WhenAll(options.Servers.Select(server => ExerciseAsync(server, cancellationToken)));
        if (reasons.FirstOrDefault(reason => reason is not null) is { } failure)
        {
            run.Fail(Check.Caches, failure);
        }
        else
        {
            run.Pass(Check.Caches);
        }
    }

    public Reason ReasonFor(Exception exception) =>
        exception is InvalidDataException ? Reason.Protocol : NetworkFailure.ReasonFor(exception);

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
            return ReasonFor(refusal);
        }

        await SendAsync($"get {key}\r\n");
        var intact = await ReceiveAsync() == $"VALUE {key} 0 {value.Length}" && await ReceiveAsync() == value && await ReceiveAsync() == "END";
        if (!intact)
        {
            return Reason.Mismatch;
        }

        await SendAsync($"delete {key}\r\n");
        return await ReceiveAsync() == "DELETED" ? null : Reason.Mismatch;

        ValueTask SendAsync(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

        async Task<string> ReceiveAsync()
        {
            // A byte at a time: lines are short, and nothing of the next one is taken.
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

    private static Reason ReasonFor(string refusal) => refusal switch
    {
        _ when refusal.StartsWith("SERVER_ERROR out of memory", StringComparison.Ordinal) => Reason.Full,
        "NOT_STORED" => Reason.Full,
        _ when refusal.StartsWith("CLIENT_ERROR unauthenticated", StringComparison.Ordinal) => Reason.Auth,
        _ => Reason.Protocol,
    };
}
