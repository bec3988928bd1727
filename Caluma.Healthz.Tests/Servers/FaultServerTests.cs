using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Caluma.Healthz.Tests.Servers;

[Slow]
public sealed class FaultServerTests(Services services)
{
    private static readonly byte[] _ping = "PING\r\n"u8.ToArray();
    private static readonly byte[] _pong = "+PONG\r\n"u8.ToArray();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proxy_forwards_and_counts()
    {
        var database = await services.CreateCacheAsync();
        await using var server = FaultServer.Start(FaultMode.Proxy, database.Server.EndPoint);
        Assert.Equal(0, server.Accepted);

        await using (var client = await ConnectionMultiplexer.ConnectAsync(database.ConnectionStringVia(server)))
        {
            await client.GetDatabase().StringSetAsync("key", new string('x', 1_000_000));
            Assert.Equal(1_000_000, (await client.GetDatabase().StringGetAsync("key")).Length());
            Assert.True(server.Open > 0);
        }

        await server.UntilNoneOpenAsync();
        Assert.True(server.Accepted > 0);
    }

    [Fact]
    public async Task A_proxy_whose_upstream_is_down_closes()
    {
        using var nobody = new PortReservation();
        await using var server = FaultServer.Start(FaultMode.Proxy, nobody.EndPoint);
        using var client = await ConnectAsync(server);

        await client.SendAsync(_ping, Cancellation);

        Assert.Empty(await ReadToEndAsync(client));
    }

    [Fact]
    public async Task Refused_refuses_connections_and_resets_open_ones()
    {
        await using var server = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers);
        using var open = await ConnectAsync(server);
        await open.SendAsync(_ping, Cancellation);
        await server.UntilAskedAsync();

        server.Mode = FaultMode.Refused;

        await AssertRefusedAsync(server.EndPoint);
        var failure = await Assert.ThrowsAsync<SocketException>(() => open.ReceiveAsync(new byte[1], Cancellation).AsTask());
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        await server.UntilNoneOpenAsync();
    }

    [Fact]
    public async Task A_black_hole_answers_connection_attempts_only_after_the_mode_changes()
    {
        var redis = await services.Redis;
        await using var server = FaultServer.Start(FaultMode.BlackHole, redis.EndPoint);
        using var client = NewClient();

        var connecting = client.ConnectAsync(server.EndPoint, Cancellation).AsTask();
        await server.UntilConnectingAsync();
        Assert.False(connecting.IsCompleted);

        server.Mode = FaultMode.Proxy;
        await connecting;
        Assert.Equal(_pong, await AskAsync(client));
    }

    [Fact]
    public async Task Accepting_without_an_answer_holds_the_request_until_the_mode_changes()
    {
        var redis = await services.Redis;
        await using var server = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, redis.EndPoint);
        using var client = await ConnectAsync(server);

        await client.SendAsync(_ping, Cancellation);
        await server.UntilAskedAsync();
        Assert.Equal(0, client.Available);

        server.Mode = FaultMode.Proxy;
        Assert.Equal(_pong, await ReadAsync(client, _pong.Length));
    }

    [Fact]
    public async Task An_open_connection_can_hang_and_work_again()
    {
        var redis = await services.Redis;
        await using var server = FaultServer.Start(FaultMode.Proxy, redis.EndPoint);
        using var client = await ConnectAsync(server);
        Assert.Equal(_pong, await AskAsync(client));

        server.Mode = FaultMode.AcceptsAndNeverAnswers;
        var answer = AskAsync(client);
        await Deadline.UntilAsync("the second request is there", () => server.RequestBytes == 2 * _ping.Length);
        Assert.False(answer.IsCompleted);

        server.Mode = FaultMode.Proxy;
        Assert.Equal(_pong, await answer);
    }

    [Fact]
    public async Task A_client_that_leaves_while_the_server_hangs_is_noticed()
    {
        await using var server = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers);
        using (var client = await ConnectAsync(server))
        {
            await client.SendAsync(_ping, Cancellation);
            await server.UntilAskedAsync();
        }

        await server.UntilNoneOpenAsync();
    }

    [Fact]
    public async Task Closing_at_once_closes_at_once()
    {
        await using var server = FaultServer.Start(FaultMode.ClosesAtOnce);
        using var client = await ConnectAsync(server);

        Assert.Empty(await ReadToEndAsync(client));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10)]
    public async Task An_answer_is_cut_after_a_number_of_bytes(int bytes)
    {
        var redis = await services.Redis;
        await using var server = FaultServer.Start(FaultMode.CutMidAnswer(bytes), redis.EndPoint);
        using var client = await ConnectAsync(server);

        await client.SendAsync(_ping.Concat(_ping).ToArray(), Cancellation);

        Assert.Equal(_pong.Concat(_pong).Take(bytes), await ReadToEndAsync(client));
    }

    [Fact]
    public async Task An_answer_is_cut_after_a_number_of_bytes_since_the_mode_changed()
    {
        var redis = await services.Redis;
        await using var server = FaultServer.Start(FaultMode.Proxy, redis.EndPoint);
        using var client = await ConnectAsync(server);
        Assert.Equal(_pong, await AskAsync(client));

        server.Mode = FaultMode.CutMidAnswer(2);
        await client.SendAsync(_ping, Cancellation);

        Assert.Equal(_pong[..2], await ReadToEndAsync(client));
    }

    [Fact]
    public async Task Each_request_is_answered_with_garbage()
    {
        await using var server = FaultServer.Start(FaultMode.GarbageBytes);
        using var client = await ConnectAsync(server);

        await client.SendAsync(_ping, Cancellation);

        Assert.Equal(FaultMode.GarbageBytes.Answer!.Value.ToArray(), await ReadAsync(client, FaultMode.GarbageBytes.Answer.Value.Length));
    }

    [Fact]
    public async Task A_slow_answer_comes_byte_by_byte()
    {
        var redis = await services.Redis;
        var time = new FakeTimeProvider();
        var interval = TimeSpan.FromSeconds(1);
        await using var server = FaultServer.Start(FaultMode.SlowDrip(interval, time), redis.EndPoint);
        using var client = await ConnectAsync(server);
        await client.SendAsync(_ping, Cancellation);

        Assert.Equal(_pong.Take(1), await ReadAsync(client, 1));
        Assert.Equal(0, client.Available);
        foreach (var expected in _pong.AsEnumerable().Skip(1).Take(2))
        {
            var next = ReadAsync(client, 1);
            await Deadline.UntilAsync("the next byte comes with time", () =>
            {
                time.Advance(interval);
                return next.IsCompleted;
            });
            Assert.Equal([expected], await next);
        }

        server.Mode = FaultMode.Proxy;
        Assert.Equal(_pong[3..], await ReadAsync(client, _pong.Length - 3));
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS_in_front_of_a_server_that_does_not()
    {
        var redis = await services.Redis;
        using var certificate = SelfSignedCertificate.Create();
        await using var server = FaultServer.Start(FaultMode.Proxy, redis.EndPoint, certificate);

        using var client = await ConnectAsync(server);
        await using var trusting = new SslStream(
            new NetworkStream(client),
            leaveInnerStreamOpen: false,
            (_, presented, _, _) => presented?.GetCertHashString() == certificate.Thumbprint);
        await trusting.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancellation);
        await trusting.WriteAsync(_ping, Cancellation);
        var answer = new byte[_pong.Length];
        await trusting.ReadExactlyAsync(answer, Cancellation);
        Assert.Equal(_pong, answer);

        using var other = await ConnectAsync(server);
        await using var untrusting = new SslStream(new NetworkStream(other));
        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(() =>
            untrusting.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancellation));
    }

    [Fact]
    public async Task A_mode_that_forwards_needs_an_upstream()
    {
        Assert.Throws<InvalidOperationException>(() => FaultServer.Start(FaultMode.Proxy));
        await using var server = FaultServer.Start(FaultMode.Refused);
        Assert.Throws<InvalidOperationException>(() => server.Mode = FaultMode.CutMidAnswer(1));
    }

    [Fact]
    public async Task A_disposed_server_leaves_no_connection_open()
    {
        var server = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers);
        using var client = await ConnectAsync(server);
        await client.SendAsync(_ping, Cancellation);
        await server.UntilAskedAsync();

        await server.DisposeAsync();

        Assert.Equal(0, server.Open);
        Assert.Empty(await ReadToEndAsync(client));
        await AssertRefusedAsync(server.EndPoint);
    }

    private static Socket NewClient() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static async Task<Socket> ConnectAsync(FaultServer server)
    {
        var client = NewClient();
        await client.ConnectAsync(server.EndPoint, Cancellation);
        return client;
    }

    private static async Task AssertRefusedAsync(IPEndPoint endPoint)
    {
        using var client = NewClient();
        var failure = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(endPoint, Cancellation).AsTask());
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
    }

    private static async Task<byte[]> AskAsync(Socket client)
    {
        await client.SendAsync(_ping, Cancellation);
        return await ReadAsync(client, _pong.Length);
    }

    private static async Task<byte[]> ReadAsync(Socket client, int length)
    {
        await using var stream = new NetworkStream(client);
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, Cancellation);
        return bytes;
    }

    private static async Task<byte[]> ReadToEndAsync(Socket client)
    {
        await using var stream = new NetworkStream(client);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}
