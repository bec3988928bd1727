using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>What an exception of StackExchange.Redis stands for.</summary>
internal static class RedisFailure
{
    public static Reason ReasonFor(Exception exception) => exception switch
    {
        RedisServerException { Message: var message } => ReasonForError(message),
        RedisCommandException { Message: var message } when message.Contains("replica", StringComparison.Ordinal) => Reason.ReadOnly,
        RedisCommandException { Message: var message }
            when message.Contains("database does not exist", StringComparison.Ordinal) => Reason.Missing,
        RedisConnectionException { InnerException: RedisServerException refusal } => ReasonForError(refusal.Message),
        RedisConnectionException { InnerException: AuthenticationException } => Reason.Tls,
        RedisConnectionException { InnerException: (SocketException or IOException) and var inner } => ReasonFor(inner),
        RedisConnectionException
        {
            FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection, InnerException: { } inner
        } => ReasonFor(inner),
        RedisConnectionException { FailureType: var failure } => ReasonFor(failure),
        AggregateException { InnerException: { } first } => ReasonFor(first),
        _ => NetworkFailure.ReasonFor(exception),
    };

    private static Reason ReasonFor(ConnectionFailureType failure) => failure switch
    {
        ConnectionFailureType.AuthenticationFailure => Reason.Auth,
        ConnectionFailureType.ProtocolFailure or ConnectionFailureType.ResponseIntegrityFailure => Reason.Protocol,

        // What the client calls its own failure is an answer that it cannot read.
        ConnectionFailureType.InternalFailure => Reason.Protocol,
        ConnectionFailureType.Loading => Reason.Busy,
        _ => Reason.Connect,
    };

    /// <remarks>The first word of an error is its code: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors</remarks>
    private static Reason ReasonForError(string message) => Code(message) switch
    {
        "NOAUTH" or "WRONGPASS" => Reason.Auth,
        "NOPERM" => Reason.Permission,
        "READONLY" or "MISCONF" or "NOREPLICAS" => Reason.ReadOnly,
        "OOM" => Reason.Full,
        "LOADING" or "BUSY" or "MASTERDOWN" or "CLUSTERDOWN" or "TRYAGAIN" => Reason.Busy,
        "ERR" when message.StartsWith("ERR unknown command", StringComparison.Ordinal) => Reason.Protocol,
        "ERR" when message.Contains("max number of clients", StringComparison.Ordinal) => Reason.Full,
        "ERR" when message.Contains("DB index", StringComparison.Ordinal) => Reason.Missing,
        "ERR" when message.Contains("password", StringComparison.OrdinalIgnoreCase)
            || message.Contains("AUTH", StringComparison.Ordinal) => Reason.Auth,
        _ => Reason.Unknown,
    };

    /// <remarks>What refuses a connection comes with the client's word for its kind before it.</remarks>
    private static string Code(string message) => message.Replace("SimpleError: ", "", StringComparison.Ordinal).Split(' ')[0];
}
