using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Caluma.Healthz.Configuration;
using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>Builds the probe's connections. Its own needs override the connection string.</summary>
internal static class DatabaseConnections
{
    public static NpgsqlDataSource CreateDataSource(DatabaseOptions options, TimeSpan timeout, TokenCredential identity)
    {
        // The run's token ends everything at the timeout. These timeouts are for calls that take no token.
        var backstopSeconds = (int)Math.Ceiling(timeout.TotalSeconds) + 1;
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = false,
            Enlist = false,
            CommandTimeout = backstopSeconds,

            // After the timeout nobody reads the server's confirmation of a cancellation.
            CancellationTimeout = -1,

            // No session state and no prepared statements, so that PgBouncer can sit in between.
            MaxAutoPrepare = 0,
            Multiplexing = false,
            NoResetOnClose = true,
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,

            // Each run tries all hosts of a list: their states and the primary may have changed since the last run.
            HostRecheckSeconds = 0,
        };
        settings.ApplicationName ??= "caluma-healthz";

        // Otherwise Npgsql would ask for PGCLIENTENCODING, and still read the answers as UTF-8.
        settings.ClientEncoding ??= "UTF8";

        // TLS settings hold for each host of a list.
        settings.Timeout = settings.ShouldSerialize("Timeout") && settings.Timeout > 0
            ? Math.Min(settings.Timeout, backstopSeconds)
            : backstopSeconds;
        if (!settings.ShouldSerialize("GSS Encryption Mode"))
        {
            // Npgsql's default asks for Kerberos first, which costs a native library and, where refused, a second connection.
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        var isTrustedBySystem = settings.RootCertificate is LibpqSsl.SystemRoots;
        if (isTrustedBySystem)
        {
            // With verify-full Npgsql accepts no validation callback and looks for the file of PGSSLROOTCERT; require does neither.
            settings.RootCertificate = null;
            settings.SslMode = SslMode.Require;
        }

        // The probe uses only built-in types: text, numbers and booleans. Slim, the client brings no others, which a first run need not
        // set up; TLS and Kerberos are asked for. Loading types from the server would query pg_catalog.
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableTransportSecurity();
        builder.EnableIntegratedSecurity();
        if (isTrustedBySystem)
        {
            builder.UseSslClientAuthenticationOptionsCallback(options =>
            {
                options.RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None;
                options.CertificateRevocationCheckMode =
                    settings.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
            });
        }

        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        if (options.TokenScope is { } scope)
        {
            // Called for each connection: the identity caches the token and renews it in time.
            builder.UsePasswordProvider(
                _ => throw new NotSupportedException("The probe connects asynchronously only."),
                async (_, cancellationToken) => (await identity.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken)).Token);
        }

        return builder.Build();
    }

    /// <summary>
    /// A statement that sets timeouts for the rest of its transaction, so that an abandoned or killed probe leaves nothing waiting on the
    /// server. The lock timeout is shorter than the others, which tells a lock from a slow server.
    /// </summary>
    public static NpgsqlBatchCommand SetTransactionTimeouts(TimeSpan time)
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
