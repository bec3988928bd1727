using Microsoft.AspNetCore.Http;

namespace Caluma.Healthz.Server.Serving;

/// <summary>Validates the address of <c>/metrics</c>: it has a port of its own, because Prometheus sends no key.</summary>
internal sealed record MetricsAddress(string Url, int Port)
{
    public static MetricsAddress? Parse(string value, ListenAddresses others, out string problem)
    {
        if (ListenAddresses.Parse(value, out problem) is not { } addresses)
        {
            return null;
        }

        var ports = addresses.Urls.Select(url => BindingAddress.Parse(url).Port).ToList();
        if (ports is not [not 0 and var port] || others.Urls.Any(url => BindingAddress.Parse(url).Port == port))
        {
            problem = $"holds {value}; expected one address with a port of its own, such as http://127.0.0.1:9090";
            return null;
        }

        return new MetricsAddress(addresses.Urls[0], port);
    }
}
