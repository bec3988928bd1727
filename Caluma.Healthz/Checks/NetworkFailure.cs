using System.Net.Sockets;

namespace Caluma.Healthz.Checks;

/// <summary>What a failure below any protocol stands for.</summary>
internal static class NetworkFailure
{
    public static Reason ReasonFor(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => Reason.Dns,
        SocketError.TimedOut => Reason.Timeout,
        _ => Reason.Connect,
    };
}
