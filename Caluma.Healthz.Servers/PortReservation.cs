using System.Net;
using System.Net.Sockets;

namespace Caluma.Healthz.Servers;

/// <summary>Reserves a loopback port until it is disposed of, whether a server listens on it or not.</summary>
/// <remarks>
/// The port is bound, but not listened on. Linux then refuses connections to it and never assigns it as a free port, also not to connecting
/// clients. A server that names it and sets SO_REUSEADDR, as all of them do, can still listen on it. So a server can restart without losing
/// its port to another test.
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

    /// <summary>Reserves the first port without a listener, starting from a certain one.</summary>
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
