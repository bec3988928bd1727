using Azure.Identity;
using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>What an exception of Npgsql stands for. SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html</summary>
internal static class DatabaseFailure
{
    public static Reason ReasonFor(Exception exception) => exception switch
    {
        PostgresException refusal => ReasonFor(refusal.SqlState),
        AuthenticationFailedException => Reason.Auth,

        // What answers is no PostgreSQL. (Npgsql asks for TLS first, so its message has SSL in it.)
        NpgsqlException { InnerException: null, Message: var message }
            when message.StartsWith("Received unknown response", StringComparison.Ordinal) => Reason.Protocol,

        // Npgsql says so of a server without TLS, and of a certificate it does not trust.
        NpgsqlException { InnerException: null, Message: var message } when message.Contains("SSL", StringComparison.Ordinal) => Reason.Tls,
        NpgsqlException { Message: "Exception while performing SSL handshake" } => Reason.Tls,

        // No inner exception: Npgsql itself objects to what it was sent, or lacks a password that the server asks for.
        NpgsqlException { InnerException: null, Message: var message }
            when message.StartsWith("No password", StringComparison.Ordinal) => Reason.Auth,
        NpgsqlException { InnerException: { } inner } => ReasonFor(inner),

        // Npgsql calls a message of an unknown kind its own bug, and throws an InvalidOperationException.
        NpgsqlException or NotSupportedException or InvalidCastException or InvalidOperationException => Reason.Protocol,
        _ => NetworkFailure.ReasonFor(exception),
    };

    private static Reason ReasonFor(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.QueryCanceled => Reason.Timeout,
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => Reason.Busy,
        PostgresErrorCodes.CannotConnectNow => Reason.Busy,
        PostgresErrorCodes.InsufficientPrivilege => Reason.Permission,
        PostgresErrorCodes.ReadOnlySqlTransaction => Reason.ReadOnly,
        PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidSchemaName => Reason.Missing,
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn => Reason.Missing,
        _ => sqlState[..2] switch
        {
            "08" => Reason.Protocol,
            "28" => Reason.Auth,
            "53" => Reason.Full,
            "57" => Reason.Connect,
            _ => Reason.Unknown,
        },
    };
}
