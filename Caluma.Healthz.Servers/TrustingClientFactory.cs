using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace Caluma.Healthz.Servers;

/// <summary>Makes the connections of an AWS client, which trusts one certificate and no other.</summary>
internal sealed class TrustingClientFactory(X509Certificate2? certificate) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new NotExpecting(new HttpClientHandler
    {
        ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == certificate?.Thumbprint,
    }));

    // A client of its own for each, which ends with it.
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => true;

    /// <summary>
    /// Sends uploads without "Expect: 100-continue". A small upload that is refused upon that .NET sends all the same, and Ceph
    /// takes it for the next request, which is no valid one; the answer to that may then be taken for the answer to the next.
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
