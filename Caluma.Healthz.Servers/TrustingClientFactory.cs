using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace Caluma.Healthz.Servers;

/// <summary>Makes the HTTP client of an AWS client, which trusts one certificate and no other.</summary>
internal sealed class TrustingClientFactory(X509Certificate2? certificate) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new NotExpecting(new HttpClientHandler
    {
        ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == certificate?.Thumbprint,
    }));

    // Each AWS client has its own HTTP client, which it disposes of.
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => true;

    /// <summary>
    /// Sends uploads without "Expect: 100-continue". After a refusal .NET sends a small upload all the same, Ceph takes it for the next
    /// request, and its error may become the answer to that.
    /// </summary>
    private sealed class NotExpecting(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
