using System.Security.Cryptography;
using Azure.Identity;
using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// Classifies exceptions of Npgsql. Errors of the server are in two tables: <see cref="PostgresErrors"/> by SQLSTATE,
/// <see cref="PoolerErrors"/> by message. The errors of Npgsql itself, which have no code, are here.
/// </summary>
internal static class DatabaseFailure
{
    /// <value>Messages of Npgsql itself. The first row whose words the message contains decides.</value>
    private static readonly (string Words, Reason Reason)[] _messages =
    [
        // The server is no PostgreSQL. (Npgsql asks for TLS first, so the message mentions SSL.)
        ("Received unknown response", Reason.Protocol),

        // A server without TLS, and a certificate that is not trusted.
        ("SSL", Reason.Tls),

        // The server asks for a password, or for more than the settings allow.
        ("No password", Reason.Auth),
        ("authentication method is not allowed", Reason.Auth),
        ("Couldn't connect because ChannelBinding", Reason.Auth),
        ("No supported SASL mechanism", Reason.Auth),
        ("Unable to bind to SCRAM", Reason.Auth),
        ("[SCRAM]", Reason.Auth),
        ("Authentication method not supported", Reason.Auth),

        // All hosts of a list answered, and none has the wanted target_session_attrs.
        ("No suitable host was found", Reason.ReadOnly),
    ];

    public static Reason ReasonFor(Exception exception) => exception switch
    {
        PostgresException refusal => ReasonFor(refusal),
        AuthenticationFailedException => Reason.Auth,
        NpgsqlException { Message: "Exception while performing SSL handshake" } => Reason.Tls,

        // One exception for each host of a list.
        NpgsqlException { InnerException: AggregateException hosts } => ReasonPrecedence.First(hosts.InnerExceptions.Select(ReasonFor)),
        NpgsqlException { InnerException: { } inner } => ReasonFor(inner),

        // Npgsql rejects the answer of the server or a parameter. It reports a message of an unknown kind as a bug of its own.
        NpgsqlException or NotSupportedException or InvalidCastException or InvalidOperationException => ReasonFor(exception.Message),

        // The client certificate cannot be read.
        CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => Reason.Tls,
        _ => NetworkFailure.ReasonFor(exception),
    };

    private static Reason ReasonFor(PostgresException refusal) => refusal.SqlState switch
    {
        PostgresErrorCodes.ProtocolViolation or PostgresErrorCodes.InternalError
            when PoolerErrors.ReasonFor(refusal.MessageText) is { } reason => reason,
        PostgresErrorCodes.InvalidAuthorizationSpecification when WantsEncryption(refusal) => Reason.Tls,
        var sqlState => PostgresErrors.ReasonFor(sqlState),
    };

    /// <remarks>
    /// <c>no pg_hba.conf entry for host …, no encryption</c>, and <c>SSL off</c> before PostgreSQL 14: its last words in each language of
    /// PostgreSQL's messages (src/backend/po of PostgreSQL 15).
    /// </remarks>
    private static bool WantsEncryption(PostgresException refusal) => _noEncryption.Any(words =>
        refusal.MessageText.EndsWith(words, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] _noEncryption =
    [
        "no encryption", "SSL off", "keine Verschlüsselung", "sin cifrado", "aucun chiffrement", "nessuna crittografia", "暗号化なし",
        "დაშიფვრის გარეშე", "암호화 안함", "без шифрования", "ingen kryptering", "без шифрування", "SSL 关闭",
    ];

    private static Reason ReasonFor(string message) => _messages.FirstOrDefault(
        row => message.Contains(row.Words, StringComparison.Ordinal), (Words: "", Reason: Reason.Protocol)).Reason;
}
