using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>Classifies exceptions of StackExchange.Redis. The server's own answers are in <see cref="RedisErrors"/>.</summary>
internal static class RedisFailure
{
    public static Reason ReasonFor(Exception exception) => exception switch
    {
        RedisServerException refusal => RedisErrors.ReasonFor(refusal),
        RedisCommandException { Message: var message } => ReasonForCommand(message),
        RedisConnectionException { InnerException: RedisServerException refusal }
            when RedisErrors.ReasonFor(refusal) is var reason and not Reason.Unknown => reason,
        RedisConnectionException { InnerException: RedisCommandException refusal } => ReasonForCommand(refusal.Message),
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

    /// <summary>The one of several failures whose reason explains most.</summary>
    public static Exception First(IEnumerable<Exception> failures)
    {
        var byReason = failures.ToLookup(ReasonFor);
        return byReason[ReasonPrecedence.First(byReason.Select(failed => failed.Key))].First();
    }

    /// <summary>Commands that the client refuses to send.</summary>
    private static Reason ReasonForCommand(string message) => message switch
    {
        _ when message.Contains("replica", StringComparison.Ordinal) => Reason.ReadOnly,
        _ when message.Contains("database does not exist", StringComparison.Ordinal) => Reason.Missing,
        _ when message.StartsWith("Multiple databases are not supported", StringComparison.Ordinal) => Reason.Missing,
        _ => Reason.Protocol,
    };

    private static Reason ReasonFor(ConnectionFailureType failure) => failure switch
    {
        ConnectionFailureType.AuthenticationFailure => Reason.Auth,
        ConnectionFailureType.ProtocolFailure or ConnectionFailureType.ResponseIntegrityFailure => Reason.Protocol,

        // The client reports an answer that it cannot read as an internal failure.
        ConnectionFailureType.InternalFailure => Reason.Protocol,
        ConnectionFailureType.Loading => Reason.Busy,
        _ => Reason.Connect,
    };
}
