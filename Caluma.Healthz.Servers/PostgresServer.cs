using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Caluma.Healthz.Servers;

/// <summary>A real PostgreSQL, or a hot standby of one.</summary>
internal sealed class PostgresServer : Server
{
    /// <summary>The superuser of the tests; also the application name of their connections.</summary>
    public const string Administrator = "healthz_tests";

    private const string AdministratorPassword = "administrator's password";
    private const string DefaultDatabase = "postgres";

    private static readonly Lazy<string> _programs = new(FindPrograms);

    // PostgreSQL does not run as root.
    private static readonly Lazy<ServerUser?> _user = new(() => ServerUser.FindUnlessRoot("postgres", "nobody"));

    // The guard removes it.
    private static readonly Lazy<Task<ServerFolder>> _initialized = new(InitializeOnceAsync);

    private readonly PostgresOptions _options;
    private readonly ConcurrentDictionary<string, Lazy<Task>> _templates = new();

    private PostgresServer(PostgresOptions options)
        : base("postgres", options.Port) => _options = options;

    /// <summary>Whether its programs are on this machine.</summary>
    public static bool IsInstalled => Executable.IsInstalled("initdb", Packages());

    protected override string ReadyText => "database system is ready to accept";

    protected override Signal StopSignal => (Signal)PostgresStop.Fast;

    // After a kill its helper processes would be children of process 1, which in many containers never reaps them.
    protected override Signal DisposalSignal => (Signal)PostgresStop.Immediate;

    private string Data => Folder.PathOf("data");

    public static Task<PostgresServer> StartNewAsync(PostgresOptions? options = null) =>
        StartAsync(new PostgresServer(options ?? new PostgresOptions()), server => server.InitializeAsync());

    /// <summary>Starts a read-only hot standby of a running server.</summary>
    public static Task<PostgresServer> StartReplicaAsync(PostgresServer primary, PostgresOptions? options = null) =>
        StartAsync(new PostgresServer(options ?? primary._options), server => server.CopyAsync(primary));

    /// <summary>The connection string of a database; by default for the administrator and without a proxy.</summary>
    public string ConnectionString(string database = DefaultDatabase, string? user = null, string? password = null, int? port = null) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = port ?? Port,
            Database = database,
            Username = user ?? Administrator,
            Password = password ?? (user is null ? AdministratorPassword : null),
        }.ConnectionString;

    /// <summary>Creates a database, empty or as a copy of a template.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template ?? "template0"}");
        return new PostgresDatabase(this, name);
    }

    /// <summary>Creates a template database from a psql script, such as the output of pg_dump. It does so once.</summary>
    public Task CreateTemplateAsync(string name, string sql) =>
        _templates.GetOrAdd(name, _ => new Lazy<Task>(() => LoadTemplateAsync(name, sql))).Value;

    /// <summary>Runs a script with psql in a database, as the administrator.</summary>
    public async Task RunScriptAsync(string database, string path, params IEnumerable<(string Name, string Value)> variables)
    {
        // The user of PostgreSQL may not be able to read the script in its place.
        var file = Folder.PathOf($"{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(file, await File.ReadAllTextAsync(path));
        await RunAsync(
            "psql",
            [
                "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1",
                .. variables.SelectMany(variable => new[] { "--set", $"{variable.Name}={variable.Value}" }),
                "--dbname", ConnectionUri(database), "--file", file,
            ]);
    }

    /// <summary>Runs statements as the administrator.</summary>
    public async Task ExecuteAsync(string sql, string database = DefaultDatabase)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Queries one value as the administrator.</summary>
    public async Task<T> ScalarAsync<T>(string sql, string database = DefaultDatabase)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"No row: {sql}"));
    }

    /// <summary>The number of open connections of clients with a name, in one database or in all.</summary>
    public Task<long> CountConnectionsAsync(string applicationName, string? database = null) => ScalarAsync<long>(
        $"SELECT count(*) FROM pg_stat_activity WHERE application_name = {Quote(applicationName)}"
        + (database is null ? "" : $" AND datname = {Quote(database)}"));

    /// <summary>Replaces the lines of pg_hba.conf. When this returns, they hold for all later connections.</summary>
    public Task SetHbaAsync(params IEnumerable<string> lines)
    {
        WriteHba(lines);
        return SendAsync(Signal.Hangup, untilLogged: "reloading configuration files");
    }

    /// <summary>Starts it anew with another certificate.</summary>
    public async Task RenewAsync(X509Certificate2 certificate)
    {
        await StopAsync();
        SelfSignedCertificate.Write(certificate, Folder.PathOf("server.crt"), Folder.PathOf("server.key"));
        await ChangeOwnerAsync(Folder);
        await StartAsync();
    }

    public Task StopAsync(PostgresStop stop) => StopAsync((Signal)stop);

    public async Task RestartAsync(PostgresStop stop)
    {
        await StopAsync(stop);
        await StartAsync();
    }

    /// <summary>On a replica: waits until it has caught up with the primary.</summary>
    public async Task UntilCaughtUpAsync(PostgresServer primary)
    {
        var position = await primary.ScalarAsync<string>("SELECT pg_current_wal_lsn()::text");
        await Deadline.UntilAsync(
            "the replica catches up",
            () => ScalarAsync<bool>($"SELECT coalesce(pg_last_wal_replay_lsn() >= '{position}', false)"),
            Log.ToString);
    }

    /// <summary>Promotes a replica, and waits until it accepts writes.</summary>
    public Task PromoteAsync() => ExecuteAsync("SELECT pg_promote()");

    protected override ServerProcess StartProcess() => ServerProcess.Start(
        Folder,
        Program("postgres"),
        ["-D", Data, "-h", Host, "-p", Port.ToString(CultureInfo.InvariantCulture)],
        _user.Value,
        log: Log);

    private static string FindPrograms() => Path.GetDirectoryName(Executable.Find("postgres", Packages()))!;

    /// <summary>The folders of Debian's programs, which are not on the PATH, the newest first.</summary>
    private static IEnumerable<string> Packages()
    {
        const string packages = "/usr/lib/postgresql";
        return Directory.Exists(packages)
            ? Directory.EnumerateDirectories(packages)
                .Select(folder => Path.Combine(folder, "bin"))
                .Where(folder => File.Exists(Path.Combine(folder, "postgres")))
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(Path.GetDirectoryName(folder)), out var version) ? version : 0)
            : [];
    }

    private static string Program(string name) => Path.Combine(_programs.Value, name);

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Initializes a data directory once. Copying it for each server takes a tenth of the time.</summary>
    private static async Task<ServerFolder> InitializeOnceAsync()
    {
        var folder = new ServerFolder("postgres-initialized");
        var password = folder.PathOf("password");
        await File.WriteAllTextAsync(password, AdministratorPassword);
        await ChangeOwnerAsync(folder);
        string[] arguments =
        [
            "--pgdata", folder.PathOf("data"), "--username", Administrator, "--pwfile", password, "--auth", "scram-sha-256",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        ];
        await ServerProcess.RunAsync(folder, Program("initdb"), arguments, _user.Value);
        return folder;
    }

    private static async Task ChangeOwnerAsync(ServerFolder folder)
    {
        if (_user.Value is { } user)
        {
            await ServerProcess.RunAsync(folder, "chown", ["-R", $"{user.UserId}:{user.GroupId}", folder.Path]);
        }
    }

    private async Task InitializeAsync()
    {
        var initialized = await _initialized.Value;
        await PrepareFolderAsync();
        await ServerProcess.RunAsync(Folder, "cp", ["-a", initialized.PathOf("data"), Data]);
        await ConfigureAsync();
    }

    private async Task CopyAsync(PostgresServer primary)
    {
        await PrepareFolderAsync();
        await RunAsync(
            "pg_basebackup",
            "--pgdata", Data, "--dbname", primary.ConnectionUri(DefaultDatabase),
            "--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast", "--no-sync");
        await ConfigureAsync();
    }

    private async Task PrepareFolderAsync()
    {
        if (_options.Certificate is { } certificate)
        {
            SelfSignedCertificate.Write(certificate, Folder.PathOf("server.crt"), Folder.PathOf("server.key"));
        }

        await ChangeOwnerAsync(Folder);
    }

    private async Task ConfigureAsync()
    {
        // The last line of a setting counts, so these override those of initdb and of the primary.
        var settings = new Dictionary<string, string>
        {
            // Data need not survive the machine; committed data survive a kill of the server all the same.
            ["fsync"] = "off",
            ["full_page_writes"] = "off",
            ["shared_buffers"] = "32MB",

            // In its folder, because files in other places would stay after a kill.
            ["dynamic_shared_memory_type"] = "mmap",
            ["unix_socket_directories"] = "''",
            ["listen_addresses"] = $"'{Host}'",
            ["logging_collector"] = "off",
            ["ssl"] = "off",
        };
        if (_options.Certificate is not null)
        {
            settings["ssl"] = "on";
            settings["ssl_cert_file"] = Quote(Folder.PathOf("server.crt"));
            settings["ssl_key_file"] = Quote(Folder.PathOf("server.key"));
        }

        foreach (var (name, value) in _options.Settings)
        {
            settings[name] = value;
        }

        await File.AppendAllLinesAsync(
            Path.Combine(Data, "postgresql.conf"),
            settings.Select(setting => $"{setting.Key} = {setting.Value}"));
        WriteHba(_options.Hba);
    }

    private void WriteHba(IEnumerable<string> lines) => File.WriteAllLines(
        Path.Combine(Data, "pg_hba.conf"),
        [$"host all,replication {Administrator} 127.0.0.1/32 scram-sha-256", .. lines]);

    private async Task LoadTemplateAsync(string name, string sql)
    {
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        var file = Folder.PathOf($"{name}.sql");
        await File.WriteAllTextAsync(file, sql);
        await RunScriptAsync(name, file);
    }

    private Task RunAsync(string program, params IEnumerable<string> arguments) =>
        ServerProcess.RunAsync(Folder, Program(program), arguments, _user.Value);

    // The common arguments of PostgreSQL's programs.
    private string ConnectionUri(string database) =>
        $"postgresql://{Administrator}:{Uri.EscapeDataString(AdministratorPassword)}@{Host}:{Port}/{database}";

    private async Task<NpgsqlConnection> ConnectAsync(string database)
    {
        // Unpooled: a pool would keep connections that tests count, and block the copy of a template database.
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(database)) { ApplicationName = Administrator, Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            throw new InvalidOperationException($"The administrator cannot connect to {database}:{Environment.NewLine}{Log}", exception);
        }
    }
}
