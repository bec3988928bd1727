using System.Security.Cryptography;
using Azure.Identity;
using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// What an exception of Npgsql stands for. What the server says is in two tables, <see cref="PostgresReasons"/> by its code and
/// <see cref="PoolerReasons"/> by its words; what is here is what Npgsql says by itself, which has no code.
/// </summary>
internal static class DatabaseFailure
{
    /// <value>What Npgsql says without a code; the first whose words a message holds decides.</value>
    private static readonly (string Words, Reason Reason)[] _ownWords =
    [
        // What answers is no PostgreSQL. (Npgsql asks for TLS first, so the message has SSL in it.)
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

        // Of a list of hosts, all answered, and none takes writes (or whatever else was asked of them).
        ("No suitable host was found", Reason.ReadOnly),
    ];

    public static Reason ReasonFor(Exception exception) => exception switch
    {
        PostgresException refusal => ReasonFor(refusal),
        AuthenticationFailedException => Reason.Auth,
        NpgsqlException { Message: "Exception while performing SSL handshake" } => Reason.Tls,

        // One of each host of a list.
        NpgsqlException { InnerException: AggregateException hosts } => ReasonPrecedence.First(hosts.InnerExceptions.Select(ReasonFor)),
        NpgsqlException { InnerException: { } inner } => ReasonFor(inner),

        // Npgsql itself objects to what it was sent, or to what it was told. It calls a message of an unknown kind its own bug.
        NpgsqlException or NotSupportedException or InvalidCastException or InvalidOperationException => OwnWords(exception.Message),

        // A client's certificate that cannot be read.
        CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => Reason.Tls,
        _ => NetworkFailure.ReasonFor(exception),
    };

    private static Reason ReasonFor(PostgresException refusal) => refusal.SqlState switch
    {
        PostgresErrorCodes.ProtocolViolation or PostgresErrorCodes.InternalError
            when PoolerReasons.Of(refusal.MessageText) is { } reason => reason,
        PostgresErrorCodes.InvalidAuthorizationSpecification when WantsEncryption(refusal) => Reason.Tls,
        var sqlState => PostgresReasons.Of(sqlState),
    };

    /// <remarks>
    /// <c>no pg_hba.conf entry for host …, no encryption</c>, and <c>SSL off</c> before PostgreSQL 14: the last words of it in each of
    /// the languages that PostgreSQL says it in (src/backend/po of PostgreSQL 15).
    /// </remarks>
    private static bool WantsEncryption(PostgresException refusal) => _noEncryption.Any(words =>
        refusal.MessageText.EndsWith(words, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] _noEncryption =
    [
        "no encryption", "SSL off", "keine Verschlüsselung", "sin cifrado", "aucun chiffrement", "nessuna crittografia", "暗号化なし",
        "დაშიფვრის გარეშე", "암호화 안함", "без шифрования", "ingen kryptering", "без шифрування", "SSL 关闭",
    ];

    private static Reason OwnWords(string message)
    {
        foreach (var (words, reason) in _ownWords)
        {
            if (message.Contains(words, StringComparison.Ordinal))
            {
                return reason;
            }
        }

        return Reason.Protocol;
    }
}
