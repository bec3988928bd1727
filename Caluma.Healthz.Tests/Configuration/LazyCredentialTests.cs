using Azure.Core;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class LazyCredentialTests
{
    private static readonly TokenRequestContext _context = new(["scope/.default"]);

    private int _made;

    [Fact]
    public void An_identity_that_nobody_asks_for_a_token_is_never_made()
    {
        _ = Credential();

        Assert.Equal(0, _made);
    }

    [Fact]
    public async Task An_identity_is_made_once_for_all_tokens()
    {
        var credential = Credential();

        Assert.Equal("token", credential.GetToken(_context, CancellationToken.None).Token);
        Assert.Equal("token", (await credential.GetTokenAsync(_context, CancellationToken.None)).Token);
        Assert.Equal(1, _made);
    }

    private LazyCredential Credential() => new(() =>
    {
        _made++;
        return DelegatedTokenCredential.Create((_, _) => new AccessToken("token", DateTimeOffset.MaxValue));
    });
}
