using System.Net;
using Caluma.Healthz.Benchmarks.Apps;

namespace Caluma.Healthz.Tests.Benchmarks.Apps;

public sealed class HttpConnectionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Answers_of_any_length_follow_each_other_on_one_connection(int length)
    {
        await using var server = new HttpForwarder(async context =>
        {
            context.Response.StatusCode = 503;
            var body = new byte[length];
            Array.Fill(body, (byte)'x');

            // In chunks, unless the length is told before.
            if (context.Request.Path == "/known")
            {
                context.Response.ContentLength = length;
            }

            await context.Response.StartAsync();
            await context.Response.Body.WriteAsync(body.AsMemory(0, length / 2));
            await context.Response.Body.WriteAsync(body.AsMemory(length / 2));
        });
        await server.StartAsync();
        using var connection = (await HttpConnection.TryConnectAsync(IPEndPoint.Parse(new Uri(server.Address).Authority)))!;

        foreach (var path in new[] { "/known", "/chunked", "/known", "/chunked" })
        {
            var (status, body) = await connection.AskAsync(HttpConnection.Request(path));

            Assert.Equal((503, length), (status, body.Length));
            Assert.All(body, letter => Assert.Equal((byte)'x', letter));
        }
    }

    [Fact]
    public async Task Where_nobody_listens_there_is_no_connection()
    {
        using var port = new PortReservation();

        Assert.Null(await HttpConnection.TryConnectAsync(port.EndPoint));
    }
}
