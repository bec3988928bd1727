using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Caluma.Healthz.Servers;

/// <summary>A real PgBouncer in transaction mode in front of a database, with one connection to it that all clients share.</summary>
internal sealed class PgBouncerServer : Server
{
    // PgBouncer does not run as root.
    private static readonly Lazy<ServerUser?> _user = new(() => ServerUser.FindUnlessRoot("postgres", "nobody"));

    private readonly PostgresDatabase _database;

    private readonly PgBouncerOptions _options;

    private PgBouncerServer(PostgresDatabase database, PgBouncerOptions options)
        : base("pgbouncer") => (_database, _options) = (database, options);

    /// <summary>The connection string of the database through it.</summary>
    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Port = Port, Password = null }.ConnectionString;

    /// <summary>The connection string of a database through it as one of its own users.</summary>
    public string ConnectionStringFor(string user, string password, string? database = null) =>
        new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Username = user,
            Password = password,
            Database = database ?? _database.Name,
        }.ConnectionString;

    /// <summary>The connection string of the database through it, by way of a <see cref="FaultServer"/>.</summary>
    public string ConnectionStringVia(FaultServer proxy) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Port = proxy.Port }.ConnectionString;

    protected override string ReadyText => "process up";

    protected override Signal StopSignal => Signal.Interrupt;

    public static Task<PgBouncerServer> StartNewAsync(PostgresDatabase database, PgBouncerOptions? options = null) =>
        StartAsync(new PgBouncerServer(database, options ?? new PgBouncerOptions()), server => server.ConfigureAsync());

    /// <summary>Starts it anew with another certificate.</summary>
    public async Task RenewAsync(X509Certificate2 certificate)
    {
        await StopAsync();
        await WriteAsync(certificate);
        await StartAsync();
    }

    protected override ServerProcess StartProcess() =>
        ServerProcess.Start(Folder, Executable.Find("pgbouncer", "/usr/sbin"), [Folder.PathOf("pgbouncer.ini")], _user.Value, log: Log);

    private async Task ConfigureAsync()
    {
        var upstream = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        var server =
            $"host={upstream.Host} port={upstream.Port} user={upstream.Username} "
                + $"password='{upstream.Password!.Replace("'", "''", StringComparison.Ordinal)}'";
        var settings = new Dictionary<string, string>
        {
            ["pool_mode"] = "transaction",
            ["default_pool_size"] = "1",
            ["auth_type"] = "any",
            ["auth_file"] = Folder.PathOf("users.txt"),
            ["listen_addr"] = Host,
            ["listen_port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_dir"] = "",
        };
        if (_options.Certificate is { } certificate)
        {
            await WriteAsync(certificate);
            settings["client_tls_sslmode"] = "require";
            settings["client_tls_cert_file"] = Folder.PathOf("server.crt");
            settings["client_tls_key_file"] = Folder.PathOf("server.key");
        }

        foreach (var (name, value) in _options.Settings)
        {
            settings[name] = value;
        }

        await File.WriteAllLinesAsync(
            Folder.PathOf("pgbouncer.ini"),
            [
                "[databases]",
                $"{_database.Name} = {server}",
                "[pgbouncer]",
                .. settings.Select(setting => $"{setting.Key} = {setting.Value}"),
            ]);
        await File.WriteAllLinesAsync(Folder.PathOf("users.txt"), _options.Users.Select(user => $"\"{user.Key}\" \"{user.Value}\""));
    }

    private async Task WriteAsync(X509Certificate2 certificate)
    {
        SelfSignedCertificate.Write(certificate, Folder.PathOf("server.crt"), Folder.PathOf("server.key"));
        if (_user.Value is { } user)
        {
            await ServerProcess.RunAsync(Folder, "chown", [$"{user.UserId}:{user.GroupId}", Folder.PathOf("server.key")]);
        }
    }
}
