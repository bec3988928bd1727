using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class RedisCacheOptionsTests
{
    [Theory]
    [InlineData("redis://cache", true)]
    [InlineData("rediss://cache:6380/1", true)]
    [InlineData("cache", false)]
    [InlineData("one:6379,two:6379", false)]
    public void Only_a_URL_names_one_server(string value, bool isOneServer)
    {
        var cache = Assert.IsType<RedisCacheOptions>(Assert.Single(Settings.ReadOptions($"Healthz__Caches__default={value}").Caches));

        Assert.Equal(isOneServer, cache.IsOneServer);
    }

    [Fact]
    public void A_cache_whose_parameters_are_refused_is_not_probed() =>
        Assert.Empty(Settings.Read("Healthz__Caches__default=rediss://cache?ssl_cert_reqs=none").Options.Caches);

    [Theory]
    [InlineData("redis://cache/1")]
    [InlineData("rediss://cache?ssl_cert_reqs=required&db=1")]
    public void Parameters_that_matter_get_no_remark(string url) => Assert.DoesNotContain(
        Settings.Read($"Healthz__Caches__default={url}").Remarks,
        remark => remark.Contains("no difference", StringComparison.Ordinal));
}
