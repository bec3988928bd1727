using System.Net;
using Microsoft.AspNetCore.Http;

namespace Caluma.Healthz.Server.Serving;

/// <summary>Validates the addresses that the server listens on.</summary>
internal sealed record ListenAddresses(IReadOnlyList<string> Urls, bool AreLoopback)
{
    public static ListenAddresses? Parse(string value, out string problem)
    {
        var urls = value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var loopback = true;
        foreach (var url in urls)
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                problem = $"holds {url}, which is not an address; expected one such as http://127.0.0.1:7071";
                return null;
            }

            // For any other host name, and for one with an invalid port, Kestrel listens on all addresses.
            var isLocalhost = address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
            var isAddress = IPAddress.TryParse(address.Host, out var ip);
            if (address.PathBase.Length > 0 || address.Scheme is not ("http" or "https") || address.Port is < 0 or > IPEndPoint.MaxPort
                || !(isLocalhost || isAddress || address.IsUnixPipe || address.Host is "*" or "+"))
            {
                problem = $"holds {url}; expected http or https, an address, localhost or *, and a port, such as http://127.0.0.1:7071";
                return null;
            }

            loopback &= isLocalhost || (isAddress && IPAddress.IsLoopback(ip!));
        }

        problem = urls.Length > 0 ? "" : "is empty; expected an address such as http://127.0.0.1:7071";
        return urls.Length > 0 ? new ListenAddresses(urls, loopback) : null;
    }
}
