using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>A few KB that are compressed can be a GB that is not.</summary>
public sealed class CompressionTests
{
    [Theory]
    [InlineData("blobs")]
    [InlineData("s3")]
    public async Task No_client_decompresses_what_a_target_sends(string store)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var request = ReadRequestAsync(listener);
        await SingleRun.RunAsync([
            "Healthz__Checks=media-storage-service", .. HostileStore.Settings(store, ((IPEndPoint)listener.LocalEndpoint).Port)]);

        Assert.Contains("HTTP/1.1", await request, StringComparison.Ordinal);
        Assert.DoesNotContain("Accept-Encoding", await request, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads the head of a request, and closes the connection and the listener, so that no other request waits.</summary>
    private static async Task<string> ReadRequestAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var (head, buffer) = (new StringBuilder(), new byte[4096]);
        while (!$"{head}".Contains("\r\n\r\n", StringComparison.Ordinal)
            && await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken) is var count and > 0)
        {
            head.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        listener.Stop();
        return $"{head}";
    }
}
