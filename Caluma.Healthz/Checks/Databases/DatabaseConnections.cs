using Azure.Core;
using Caluma.Healthz.Configuration;
using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>How the probe connects, whatever else the connection string says.</summary>
internal static class DatabaseConnections
{
    public static NpgsqlDataSource CreateDataSource(DatabaseOptions options, TimeSpan timeout, TokenCredential identity)
    {
        // The run's token ends everything at the timeout. These are only what stops a call that has lost its token.
        var backstopSeconds = (int)Math.Ceiling(timeout.TotalSeconds) + 1;
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = false,
            Enlist = false,
            Timeout = backstopSeconds,
            CommandTimeout = backstopSeconds,

            // Once the time is up nobody reads the server's confirmation of a cancellation.
            CancellationTimeout = -1,

            // No session state and no prepared statements, so that PgBouncer can sit in between.
            MaxAutoPrepare = 0,
            Multiplexing = false,
            NoResetOnClose = true,
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,
        };
        settings.ApplicationName ??= "caluma-healthz";
        if (!settings.ContainsKey("GSS Encryption Mode"))
        {
            // Npgsql's default asks for Kerberos first, which costs a native library and, where refused, a second connection.
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        // The probe uses only built-in types; loading the others would query pg_catalog.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        if (options.TokenScope is { } scope)
        {
            // Asked for with each connection: the identity keeps a token, and renews it in time.
            builder.UsePasswordProvider(
                _ => throw new NotSupportedException("The probe connects asynchronously only."),
                async (_, cancellationToken) => (await identity.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken)).Token);
        }

        return builder.Build();
    }

    /// <summary>
    /// A statement that bounds the rest of its transaction on the server, so that a probe that gave up, or was killed, leaves
    /// nothing waiting there. The lock timeout is the shorter one: a lock is then told from a slow server.
    /// </summary>
    public static NpgsqlBatchCommand BoundTransaction(TimeSpan time)
    {
        var milliseconds = Math.Max(1, (long)time.TotalMilliseconds);
        return new NpgsqlBatchCommand(
            """
            SELECT set_config('lock_timeout', $1, true),
                   set_config('statement_timeout', $2, true),
                   set_config('idle_in_transaction_session_timeout', $2, true)
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = $"{Math.Max(1, milliseconds * 9 / 10)}ms" },
                new NpgsqlParameter<string> { TypedValue = $"{milliseconds}ms" },
            },
        };
    }
}
