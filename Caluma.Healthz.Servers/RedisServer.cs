using System.Globalization;
using StackExchange.Redis;

namespace Caluma.Healthz.Servers;

/// <summary>A real Redis. What it holds is lost when it stops.</summary>
internal sealed class RedisServer : Server
{
    /// <summary>The user with whom the tests look into the server, whatever its other users may do; also their client name.</summary>
    public const string Administrator = "healthz_tests";

    private const string AdministratorPassword = "administrators-password";

    // One for each test, so that they see nothing of each other.
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

    /// <summary>Starts a read-only replica of another server, which must run, and waits until it has what that one has.</summary>
    public static Task<RedisServer> StartReplicaAsync(RedisServer primary, RedisOptions? options = null) =>
        StartNewAsync((options ?? new RedisOptions()) with { ReplicaOf = primary });

    /// <summary>How to reach it, as StackExchange.Redis reads it: as the default user and directly, unless told otherwise.</summary>
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
        // A connection of its own: one that is kept would be counted, and would have to be mended after each restart.
        var options = Options(database, Administrator, AdministratorPassword, Port);
        options.ClientName = Administrator;
        options.AllowAdmin = true;
        if (command != "CLUSTER")
        {
            // Lest the client connect to the other servers of a cluster, of which one may be down.
            options.CommandMap = CommandMap.Create(["CLUSTER"], available: false);
        }

        options.CertificateValidation += (_, presented, _, _) =>
            presented?.GetCertHashString() == _options.Certificate?.GetCertHashString();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        return await connection.GetServer(Host, Port).ExecuteAsync(database, command, arguments);
    }

    /// <summary>The connections that clients of a name have open.</summary>
    public async Task<int> CountConnectionsAsync(string clientName) => CountConnections(await ExecuteAsync("CLIENT", "LIST"), clientName);

    /// <summary>How many connections of a CLIENT LIST are those of clients of a name.</summary>
    public static int CountConnections(RedisResult clients, string clientName) =>
        ((string?)clients ?? "").Split('\n').Count(line => line.Contains($" name={clientName} ", StringComparison.Ordinal));

    /// <summary>How often clients have sent a command. What a replica takes over from its primary counts too.</summary>
    public async Task<int> CountCallsAsync(string command)
    {
        var counters = (string?)await ExecuteAsync("INFO", "commandstats") ?? "";
        var calls = $"cmdstat_{command}:calls=";
        return counters.Split('\n').Where(line => line.StartsWith(calls, StringComparison.Ordinal))
            .Sum(line => int.Parse(line[calls.Length..].Split(',')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>The lines of a Sentinel's configuration with which it watches this server, under a name.</summary>
    public IEnumerable<string> WatchedAs(string service) =>
    [
        $"sentinel monitor {service} {Host} {Port} 1",
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

                // A replica comes with its first copy at once, not after the five seconds others get to join in.
                "repl-diskless-sync-delay 0",
                $"user {Administrator} on >{AdministratorPassword} ~* &* +@all",
                .. _options.Users.Select(user => $"user {user}"),
                .. Line("requirepass", _options.Password),

                // Whoever is the primary may be a replica later.
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
