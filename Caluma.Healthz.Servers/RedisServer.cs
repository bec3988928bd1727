using System.Globalization;
using StackExchange.Redis;

namespace Caluma.Healthz.Servers;

/// <summary>A real Redis. Its data are lost when it stops.</summary>
internal sealed class RedisServer : Server
{
    /// <summary>The administrator of the tests, who may do anything; also the name of their client.</summary>
    public const string Administrator = "healthz_tests";

    private const string AdministratorPassword = "administrators-password";

    // One for each test, so that tests do not see each other's keys.
    private const int Databases = 4096;

    private readonly RedisOptions _options;
    private int _databasesTaken;

    private RedisServer(RedisOptions options)
        : base("redis", options.Port) => _options = options;

    protected override string ReadyText => _options.ReplicaOf is null
        ? "Ready to accept connections"
        : "MASTER <-> REPLICA sync: Finished with success";

    public static Task<RedisServer> StartNewAsync(RedisOptions? options = null) =>
        StartAsync(new RedisServer(options ?? new RedisOptions()), server => server.ConfigureAsync());

    /// <summary>Starts a read-only replica of a running server, and waits until it is in sync.</summary>
    public static Task<RedisServer> StartReplicaAsync(RedisServer primary, RedisOptions? options = null) =>
        StartNewAsync((options ?? new RedisOptions()) with { ReplicaOf = primary });

    /// <summary>The connection string for StackExchange.Redis; by default for the default user and without a proxy.</summary>
    public string ConnectionString(int database = 0, string? user = null, string? password = null, int? port = null) =>
        Options(database, user, password ?? (user is null ? _options.Password : null), port ?? Port).ToString(includePassword: true);

    /// <summary>Takes a database that no other test uses.</summary>
    public RedisDatabase CreateDatabase() => new(this, Interlocked.Increment(ref _databasesTaken) is var number and < Databases
        ? number
        : throw new InvalidOperationException($"All {Databases} databases are taken."));

    /// <summary>Runs a command as the administrator.</summary>
    public Task<RedisResult> ExecuteAsync(string command, params object[] arguments) => ExecuteInAsync(0, command, arguments);

    /// <summary>Runs a command in a database, as the administrator.</summary>
    public async Task<RedisResult> ExecuteInAsync(int database, string command, params object[] arguments)
    {
        // A new connection: a kept one would be counted, and would break at each restart.
        var options = Options(database, Administrator, AdministratorPassword, Port);
        options.ClientName = Administrator;
        options.AllowAdmin = true;
        if (command != "CLUSTER")
        {
            // Keeps the client from connecting to the other servers of a cluster, of which one may be down.
            options.CommandMap = CommandMap.Create(["CLUSTER"], available: false);
        }

        options.CertificateValidation += (_, presented, _, _) =>
            presented?.GetCertHashString() == _options.Certificate?.GetCertHashString();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        return await connection.GetServer(Host, Port).ExecuteAsync(database, command, arguments);
    }

    /// <summary>The number of open connections of clients with a name.</summary>
    public async Task<int> CountConnectionsAsync(string clientName) => CountConnections(await ExecuteAsync("CLIENT", "LIST"), clientName);

    /// <summary>Counts the connections of clients with a name in a CLIENT LIST.</summary>
    public static int CountConnections(RedisResult clients, string clientName) =>
        ((string?)clients ?? "").Split('\n').Count(line => line.Contains($" name={clientName} ", StringComparison.Ordinal));

    /// <summary>The number of calls of a command, including those that a replica gets from its primary.</summary>
    public async Task<int> CountCallsAsync(string command)
    {
        var counters = (string?)await ExecuteAsync("INFO", "commandstats") ?? "";
        var calls = $"cmdstat_{command}:calls=";
        return counters.Split('\n').Where(line => line.StartsWith(calls, StringComparison.Ordinal))
            .Sum(line => int.Parse(line[calls.Length..].Split(',')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>The lines of a Sentinel's configuration that make it watch this server.</summary>
    public IEnumerable<string> WatchedAs(string service, int? port) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"sentinel monitor {service} {Host} {port ?? Port} 1"),
        $"sentinel auth-user {service} {Administrator}",
        $"sentinel auth-pass {service} {AdministratorPassword}",
    ];

    protected override ServerProcess StartProcess() =>
        ServerProcess.Start(Folder, Executable.Find("redis-server"), [Folder.PathOf("redis.conf")], log: Log);

    private async Task ConfigureAsync()
    {
        string[] port = [$"port {Port}"];
        if (_options.Certificate is { } certificate)
        {
            SelfSignedCertificate.Write(certificate, Folder.PathOf("server.crt"), Folder.PathOf("server.key"));
            port =
            [
                "port 0",
                $"tls-port {Port}",
                $"tls-cert-file {Folder.PathOf("server.crt")}",
                $"tls-key-file {Folder.PathOf("server.key")}",
                $"tls-ca-cert-file {Folder.PathOf("server.crt")}",
                "tls-auth-clients no",
            ];
        }

        await File.WriteAllLinesAsync(
            Folder.PathOf("redis.conf"),
            [
                .. port,
                $"bind {Host}",
                "protected-mode no",
                string.Create(CultureInfo.InvariantCulture, $"databases {Databases}"),
                "save \"\"",

                // A replica gets its first copy at once, not after the default delay of five seconds.
                "repl-diskless-sync-delay 0",
                $"user {Administrator} on >{AdministratorPassword} ~* &* +@all",
                .. _options.Users.Select(user => $"user {user}"),
                .. Line("requirepass", _options.Password),

                // A primary may become a replica later.
                $"masteruser {Administrator}",
                $"masterauth {AdministratorPassword}",
                .. Line("maxmemory", _options.MaxMemory),
                .. ReplicaLines(),
                .. _options.ConfigLines,
            ]);
    }

    private static IEnumerable<string> Line(string name, string? value) => value is null ? [] : [$"{name} {value}"];

    private IEnumerable<string> ReplicaLines() => _options.ReplicaOf is { } primary
        ?
        [
            $"replicaof {Host} {primary.Port}",
            $"tls-replication {(primary._options.Certificate is null ? "no" : "yes")}",
        ]
        : [];

    private ConfigurationOptions Options(int database, string? user, string? password, int port) => new()
    {
        EndPoints = { { Host, port } },
        DefaultDatabase = database,
        User = user,
        Password = password,
        Ssl = _options.Certificate is not null,
    };
}
