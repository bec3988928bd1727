using StackExchange.Redis;

namespace Caluma.Healthz.Servers;

/// <summary>A single real Redis Sentinel that watches a primary and its replicas.</summary>
internal sealed class RedisSentinel : Server
{
    /// <summary>The name of the watched service.</summary>
    public const string Service = "calumas-cache";

    // Sentinel has no keys and no ECHO.
    private static readonly CommandMap _commands =
        CommandMap.Create(["AUTH", "CLIENT", "HELLO", "INFO", "PING", "SENTINEL"], available: true);

    private readonly RedisServer _primary;
    private readonly string? _password;
    private readonly int? _port;
    private readonly string[] _configLines;

    private RedisSentinel(RedisServer primary, string? password, int? port, string[] configLines)
        : base("sentinel")
    {
        _primary = primary;
        _password = password;
        _port = port;
        _configLines = configLines;
    }

    protected override string ReadyText => $"+monitor master {Service} ";

    /// <summary>Starts a Sentinel, and waits until it knows the primary and its replicas.</summary>
    /// <param name="primary">The primary, which must run.</param>
    /// <param name="replicas">The number of its replicas.</param>
    /// <param name="password">The password of the Sentinel itself; null for none.</param>
    /// <param name="port">Where it finds the primary, and sends its clients; null for the primary's own port.</param>
    /// <param name="configLines">More lines of its configuration.</param>
    public static async Task<RedisSentinel> StartNewAsync(
        RedisServer primary, int replicas = 0, string? password = null, int? port = null, params string[] configLines)
    {
        var sentinel = await StartAsync(
            new RedisSentinel(primary, password, port, configLines), server => server.ConfigureAsync());
        await Deadline.UntilAsync(
            $"Sentinel knows {replicas} replicas",
            () => $"{sentinel.Log}".Split('\n').Count(line => line.Contains("+slave slave ", StringComparison.Ordinal)) == replicas,
            sentinel.Log.ToString);
        return sentinel;
    }

    /// <summary>The connection string of the watched service for StackExchange.Redis.</summary>
    public string ConnectionString(string service = Service) => $"{Host}:{Port},serviceName={service}";

    /// <summary>Runs a command of Sentinel itself.</summary>
    public async Task<RedisResult> ExecuteAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { EndPoint },
            Password = _password,
            CommandMap = _commands,
            AllowAdmin = true,
        });
        return await connection.GetServer(EndPoint).ExecuteAsync(command, arguments);
    }

    /// <summary>The number of open connections of clients with a name.</summary>
    public async Task<int> CountConnectionsAsync(string clientName) =>
        RedisServer.CountConnections(await ExecuteAsync("CLIENT", "LIST"), clientName);

    /// <summary>Makes it notice that the primary is down, and waits until it has promoted a replica.</summary>
    public async Task NoticeAsync(RedisServer next)
    {
        await ExecuteAsync("SENTINEL", "SET", Service, "down-after-milliseconds", 100);
        await UntilPrimaryAsync(next);
    }

    /// <summary>Makes it promote a replica although the primary is up.</summary>
    public async Task FailOverAsync(RedisServer next)
    {
        await Deadline.UntilAsync("Sentinel accepts the failover", TryFailOverAsync, Log.ToString);
        await UntilPrimaryAsync(next);

        // On a machine that stalls, Sentinel's last news of the replica may be too old for it to be promoted.
        async Task<bool> TryFailOverAsync()
        {
            try
            {
                await ExecuteAsync("SENTINEL", "FAILOVER", Service);
                return true;
            }
            catch (RedisServerException exception) when (exception.Message.StartsWith("NOGOODSLAVE", StringComparison.Ordinal))
            {
                return false;
            }
        }
    }

    protected override ServerProcess StartProcess() =>
        ServerProcess.Start(Folder, Executable.Find("redis-server"), [Folder.PathOf("sentinel.conf"), "--sentinel"], log: Log);

    private Task ConfigureAsync() => File.WriteAllLinesAsync(
        Folder.PathOf("sentinel.conf"),
        [
            $"port {Port}",
            $"bind {Host}",
            "protected-mode no",
            .. _primary.WatchedAs(Service, _port),

            // Until a test wants it to notice.
            $"sentinel down-after-milliseconds {Service} 600000",
            .. _password is null ? Array.Empty<string>() : [$"requirepass {_password}"],
            .. _configLines,
        ]);

    private Task UntilPrimaryAsync(RedisServer next) => Deadline.UntilAsync(
        "Sentinel fails over",
        () => $"{Log}".Contains($"+switch-master {Service} {Host} {_primary.Port} {Host} {next.Port}", StringComparison.Ordinal),
        Log.ToString);
}
