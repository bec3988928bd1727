using System.Net;
using System.Net.Sockets;

namespace Caluma.Healthz.Tests.Servers;

public sealed class PortReservationTests
{
    [Fact]
    public void A_port_with_a_listener_cannot_be_reserved_and_the_next_one_is_taken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.Throws<SocketException>(() => PortReservation.At(taken));
        using var next = PortReservation.From(taken);
        Assert.InRange(next.Port, taken + 1, IPEndPoint.MaxPort);
    }

    [Fact]
    public void A_server_can_listen_on_a_reserved_port()
    {
        using var any = new PortReservation();
        using var listener = new TcpListener(any.EndPoint);

        listener.Start();

        Assert.Equal(any.Port, ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
