using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("db", "db")]
    [InlineData("DB.Example.Com.", "DB.Example.Com.")]
    [InlineData("my_db", "my_db")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("fe80::1%eth0", "fe80::1%eth0")]
    [InlineData("[::1]:5432", "[::1]:5432")]
    [InlineData("dätenbank", "xn--dtenbank-0za")]
    [InlineData("a..b", null)]
    [InlineData("dä..b", null)]
    [InlineData("a-label-of-more-than-the-sixty-three-characters-that-a-label-can-have", null)]
    public void A_name_is_encoded_for_DNS_or_cannot_be_one(string name, string? encoded) => Assert.Equal(encoded, HostName.Encode(name));
}
