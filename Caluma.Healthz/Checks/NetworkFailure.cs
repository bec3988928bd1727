using System.Net.Sockets;
using System.Security.Authentication;

namespace Caluma.Healthz.Checks;

/// <summary>Classifies failures that come from below the client libraries: sockets, DNS, TLS and HTTP.</summary>
internal static class NetworkFailure
{
    public static Reason ReasonFor(Exception exception) => exception switch
    {
        SocketException socket => ReasonFor(socket.SocketErrorCode),
        AuthenticationException => Reason.Tls,
        TimeoutException or OperationCanceledException => Reason.Timeout,
        HttpRequestException { InnerException: (SocketException or AuthenticationException) and { } inner } => ReasonFor(inner),
        HttpRequestException request => ReasonFor(request.HttpRequestError),
        AggregateException { InnerException: { } first } => ReasonFor(first),
        IOException { InnerException: { } inner } => ReasonFor(inner),
        IOException => Reason.Connect,
        _ => Reason.Unknown,
    };

    /// <summary>The reason of an HTTP status, for answers without an error code of the service.</summary>
    public static Reason ReasonForStatus(int status) => status switch
    {
        401 => Reason.Auth,
        403 => Reason.Permission,
        404 => Reason.Missing,
        408 or 504 => Reason.Timeout,
        413 or 507 => Reason.Full,
        429 or 500 or 502 or 503 => Reason.Busy,
        _ => Reason.Protocol,
    };

    private static Reason ReasonFor(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => Reason.Dns,
        SocketError.TimedOut => Reason.Timeout,
        _ => Reason.Connect,
    };

    private static Reason ReasonFor(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => Reason.Dns,
        HttpRequestError.SecureConnectionError => Reason.Tls,
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => Reason.Protocol,
        _ => Reason.Connect,
    };
}
