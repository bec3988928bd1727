using Azure.Core;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// The identity of the process, made when a token is first asked for. Most deployments have passwords, and never do: a start is spared the
/// libraries of an identity.
/// </summary>
/// <param name="create">Makes it.</param>
internal sealed class LazyCredential(Func<TokenCredential> create) : TokenCredential
{
    private readonly Lazy<TokenCredential> _credential = new(create);

    /// <inheritdoc />
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        _credential.Value.GetToken(requestContext, cancellationToken);

    /// <inheritdoc />
    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        _credential.Value.GetTokenAsync(requestContext, cancellationToken);
}
