using Npgsql;

namespace Caluma.Healthz.Tests.Servers;

[Slow]
public sealed class PostgresServerTests(Services services)
{
    [Fact]
    public async Task Each_test_has_its_own_database()
    {
        await using var one = await services.CreateDatabaseAsync();
        await using var other = await services.CreateDatabaseAsync();

        await one.ExecuteAsync("CREATE TABLE form (id int)");

        Assert.True(await one.ScalarAsync<bool>("SELECT to_regclass('form') IS NOT NULL"));
        Assert.True(await other.ScalarAsync<bool>("SELECT to_regclass('form') IS NULL"));
    }

    [Fact]
    public async Task A_database_can_be_the_copy_of_a_template_made_from_a_dump()
    {
        var server = await services.Postgres;
        const string dump = "CREATE TABLE form (id int);\nCOPY form (id) FROM stdin;\n1\n2\n\\.\n";
        await Task.WhenAll(server.CreateTemplateAsync("two_forms", dump), server.CreateTemplateAsync("two_forms", dump));

        await using var one = await services.CreateDatabaseAsync("two_forms");
        await using var other = await services.CreateDatabaseAsync("two_forms");
        await one.ExecuteAsync("DELETE FROM form");

        Assert.Equal(0, await one.ScalarAsync<long>("SELECT count(*) FROM form"));
        Assert.Equal(2, await other.ScalarAsync<long>("SELECT count(*) FROM form"));
    }

    [Fact]
    public async Task A_dump_that_does_not_load_says_why()
    {
        var server = await services.Postgres;

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => server.CreateTemplateAsync("broken", "SELECT * FROM nowhere;"));

        Assert.Contains("relation \"nowhere\" does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_needs_the_password()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = await services.CreateDatabaseAsync();
        var role = $"role_{database.Name}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'right'");

        await using var right = new NpgsqlConnection(Unpooled(database.ConnectionStringFor(role, "right")));
        await right.OpenAsync(cancellation);
        await using var wrong = new NpgsqlConnection(Unpooled(database.ConnectionStringFor(role, "wrong")));
        var failure = await Assert.ThrowsAsync<PostgresException>(() => wrong.OpenAsync(cancellation));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, failure.SqlState);
    }

    [Fact]
    public async Task Connections_are_counted_by_their_application_name()
    {
        await using var database = await services.CreateDatabaseAsync();
        var settings = new NpgsqlConnectionStringBuilder(Unpooled(database.ConnectionString)) { ApplicationName = database.Name };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);

        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await database.CountConnectionsAsync(database.Name));

        await connection.CloseAsync();
        await Deadline.UntilAsync("the connection is gone", async () => await database.CountConnectionsAsync(database.Name) == 0);
    }

    [Theory]
    [InlineData(PostgresStop.Smart)]
    [InlineData(PostgresStop.Fast)]
    [InlineData(PostgresStop.Immediate)]
    internal async Task PostgreSQL_restarts_on_its_port_with_its_data(PostgresStop stop)
    {
        await using var server = await PostgresServer.StartNewAsync();
        var port = server.Port;
        await server.ExecuteAsync("CREATE TABLE form AS SELECT 7 AS id");

        await server.StopAsync(stop);
        await RefusesConnectionsAsync(port);
        await server.StartAsync();

        Assert.Equal(port, server.Port);
        Assert.Equal(7, await server.ScalarAsync<int>("SELECT id FROM form"));
    }

    [Fact]
    public async Task A_killed_PostgreSQL_leaves_no_process_and_restarts()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var processIds = server.ProcessIds;

        server.Pause();
        await server.KillAsync();

        Assert.True(processIds.Count > 1);
        Assert.DoesNotContain(processIds, ProcessTree.IsAlive);
        await server.StartAsync();
        Assert.Equal(1, await server.ScalarAsync<int>("SELECT 1"));
    }

    [Fact]
    public async Task A_disposed_PostgreSQL_leaves_no_process_and_no_folder()
    {
        var server = await PostgresServer.StartNewAsync();
        var processIds = server.ProcessIds;
        var folder = Path.GetDirectoryName(await server.ScalarAsync<string>("SHOW data_directory"))!;

        await server.DisposeAsync();

        Assert.DoesNotContain(processIds, ProcessTree.IsAlive);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_paused_PostgreSQL_answers_no_connection_until_it_is_resumed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await PostgresServer.StartNewAsync();
        await using var old = new NpgsqlConnection(Unpooled(server.ConnectionString()));
        await old.OpenAsync(cancellation);

        server.Pause();
        var query = new NpgsqlCommand("SELECT 1", old).ExecuteScalarAsync(cancellation);
        var login = new NpgsqlConnection(Unpooled(server.ConnectionString()));
        var opening = login.OpenAsync(cancellation);
        await Deadline.UntilAsync("all is stopped", () => server.ProcessIds.All(ProcessTree.IsStopped));
        Assert.False(query.IsCompleted);
        Assert.False(opening.IsCompleted);

        server.Resume();
        Assert.Equal(1, await query);
        await opening;
        await login.DisposeAsync();
    }

    [Fact]
    public async Task Its_client_authentication_can_be_chosen_and_changed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await PostgresServer.StartNewAsync(new PostgresOptions { Hba = ["host all probe 127.0.0.1/32 reject"] });
        await server.ExecuteAsync("CREATE ROLE probe LOGIN");
        await using var connection = new NpgsqlConnection(Unpooled(server.ConnectionString(user: "probe")));

        await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(cancellation));
        await server.SetHbaAsync("host all probe 127.0.0.1/32 trust");

        await connection.OpenAsync(cancellation);
    }

    [Fact]
    public async Task PostgreSQL_speaks_TLS_with_a_certificate()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var certificate = SelfSignedCertificate.Create();
        await using var server = await PostgresServer.StartNewAsync(new PostgresOptions
        {
            Certificate = certificate,
            Hba = ["hostssl all all 127.0.0.1/32 trust"],
        });
        await server.ExecuteAsync("CREATE ROLE probe LOGIN");
        var settings = new NpgsqlConnectionStringBuilder(Unpooled(server.ConnectionString(user: "probe"))) { SslMode = SslMode.VerifyFull };

        await using var untrusting = new NpgsqlConnection(settings.ConnectionString);
        await Assert.ThrowsAsync<NpgsqlException>(() => untrusting.OpenAsync(cancellation));

        settings.SslMode = SslMode.Require;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", connection);
        Assert.Equal(true, await command.ExecuteScalarAsync(cancellation));
    }

    [Fact]
    public async Task A_replica_has_the_data_of_the_primary_and_takes_no_writes_until_it_is_promoted()
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await using var replica = await PostgresServer.StartReplicaAsync(primary);

        await primary.ExecuteAsync("CREATE TABLE form AS SELECT 7 AS id");
        await replica.UntilCaughtUpAsync(primary);

        Assert.Equal(7, await replica.ScalarAsync<int>("SELECT id FROM form"));
        var failure = await Assert.ThrowsAsync<PostgresException>(() => replica.ExecuteAsync("DELETE FROM form"));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, failure.SqlState);

        await replica.PromoteAsync();
        await replica.ExecuteAsync("DELETE FROM form");
    }

    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    private static async Task RefusesConnectionsAsync(int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        var failure = await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(
            () => client.ConnectAsync(PostgresServer.Host, port, TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(System.Net.Sockets.SocketError.ConnectionRefused, failure.SocketErrorCode);
    }
}
