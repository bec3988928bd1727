using System.Net;
using System.Net.Sockets;

namespace Caluma.Healthz.Servers;

/// <summary>Prepares the sockets of test servers.</summary>
internal static class LoopbackSocket
{
    private const int SolSocket = 1;
    private const int SoReuseAddr = 2;

    /// <summary>
    /// Sets SO_REUSEADDR only. <see cref="SocketOptionName.ReuseAddress"/> would set SO_REUSEPORT as well, with which two listeners
    /// silently share a port.
    /// </summary>
    public static void ReuseAddress(Socket socket) => socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));

    /// <summary>
    /// Binds to a reserved port. It may take several tries: a process that another test forks inherits the sockets of this one until it
    /// executes its program.
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
