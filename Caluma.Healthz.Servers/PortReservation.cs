using System.Net;
using System.Net.Sockets;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A loopback port of our own, from its creation to its disposal, whether a server listens on it or not.
/// </summary>
/// <remarks>
/// The port is bound, never listened on. Linux then refuses connections to it, gives it to nobody who asks for any free
/// port (a connecting client does, too), and still lets a server listen on it that names it and sets SO_REUSEADDR, as all
/// of ours do. So a server can stop and come back without another test taking its port.
/// </remarks>
internal sealed class PortReservation : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public PortReservation()
    {
        LoopbackSocket.ReuseAddress(_socket);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public int Port => EndPoint.Port;

    public void Dispose() => _socket.Dispose();
}
