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
}
