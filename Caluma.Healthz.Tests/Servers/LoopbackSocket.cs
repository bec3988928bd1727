using System.Net.Sockets;

namespace Caluma.Healthz.Tests.Servers;

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
}
