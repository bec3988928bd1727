using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
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
            CommandTimeout = backstopSeconds,

            // Once the time is up nobody reads the server's confirmation of a cancellation.
            CancellationTimeout = -1,

            // No session state and no prepared statements, so that PgBouncer can sit in between.
            MaxAutoPrepare = 0,
            Multiplexing = false,
            NoResetOnClose = true,
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,

            // Of a list, each run tries all hosts anew: one that was down ten seconds ago may be up, and the primary another.
            HostRecheckSeconds = 0,
        };
        settings.ApplicationName ??= "caluma-healthz";

        // Else Npgsql would ask for PGCLIENTENCODING, and read what comes as UTF-8 all the same.
        settings.ClientEncoding ??= "UTF8";

        // What was asked for counts for each host of a list.
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
            // Npgsql takes no validation of ours with verify-full, and looks for a file of PGSSLROOTCERT with it; require has neither.
            settings.RootCertificate = null;
            settings.SslMode = SslMode.Require;
        }

        // The probe uses only built-in types; loading the others would query pg_catalog.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
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
