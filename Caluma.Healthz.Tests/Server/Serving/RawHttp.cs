using System.Net.Sockets;
using System.Text;

namespace Caluma.Healthz.Tests.Server.Serving;

/// <summary>Sends HTTP that no well-behaved client sends.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Headers">The lines of its headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record RawHttp(int Status, string Headers, string Body)
{
    /// <summary>Sends bytes and reads until the server closes the connection.</summary>
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
            // The server has closed the connection early.
        }

        var answer = await reading;
        var (head, body) = answer.Split("\r\n\r\n", 2) is [var before, var after] ? (before, after) : (answer, "");
        return new RawHttp(int.Parse(head.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), head, body);
    }
}
