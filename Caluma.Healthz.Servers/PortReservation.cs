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

    /// <summary>Reserves any free port.</summary>
    public PortReservation()
        : this(0)
    {
    }

    private PortReservation(int port)
    {
        LoopbackSocket.ReuseAddress(_socket);
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public int Port => EndPoint.Port;

    /// <summary>Reserves a certain port.</summary>
    /// <exception cref="SocketException">A server listens on it.</exception>
    public static PortReservation At(int port) => new(port);

    /// <summary>Reserves the first port from a certain one on that no server listens on.</summary>
    public static PortReservation From(int first)
    {
        for (var port = first; ; port++)
        {
            try
            {
                return new PortReservation(port);
            }
            catch (SocketException exception)
                when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse && port < IPEndPoint.MaxPort)
            {
                // The next one, then.
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
