using System.Net.Sockets;
using System.Text;

namespace Caluma.Healthz.Tests.Server.Serving;

/// <summary>HTTP as no well-behaved client speaks it.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Headers">Its other lines.</param>
/// <param name="Body">What follows them.</param>
internal sealed record RawHttp(int Status, string Headers, string Body)
{
    /// <summary>Sends bytes and reads what comes until the server hangs up.</summary>
    public static async Task<RawHttp> SendAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var reading = reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It has hung up on the rest.
        }

        var answer = await reading;
        var (head, body) = answer.Split("\r\n\r\n", 2) is [var before, var after] ? (before, after) : (answer, "");
        return new RawHttp(int.Parse(head.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), head, body);
    }
}
