using System.Net;
using System.Net.Sockets;

namespace Caluma.Healthz.Servers;

/// <summary>What the sockets of the test servers have in common.</summary>
internal static class LoopbackSocket
{
    private const int SolSocket = 1;
    private const int SoReuseAddr = 2;

    /// <summary>
    /// Sets SO_REUSEADDR alone. <see cref="SocketOptionName.ReuseAddress"/> would set SO_REUSEPORT as well, with which two
    /// listeners share a port and neither is told.
    /// </summary>
    public static void ReuseAddress(Socket socket) => socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));

    /// <summary>
    /// Binds to a port that is ours. A process that another test is just starting holds the sockets of this one, closed ones too, for
    /// the moment until it runs its own program, so it may take more than one try.
    /// </summary>
    public static void Bind(Socket socket, IPEndPoint endPoint)
    {
        if (!SpinWait.SpinUntil(TryBind, Deadline.Default))
        {
            throw Deadline.Passed($"port {endPoint.Port} is free again", null);
        }

        bool TryBind()
        {
            try
            {
                socket.Bind(endPoint);
                return true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return false;
            }
        }
    }
}
