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

    [Theory]
    [InlineData("ssl_ca_certs={0}", "names {0} in ssl_ca_certs, which holds no certificate in PEM form")]
    [InlineData("ssl_certfile={0}", "names {0} in ssl_certfile, which holds no certificate in PEM form with its key")]
    [InlineData("ssl_certfile={0}&ssl_keyfile={0}", "names {0} in ssl_certfile, which holds no certificate in PEM form with its key")]
    [InlineData("ssl_keyfile={0}", "has ssl_keyfile without ssl_certfile")]
    public void A_file_without_a_certificate_is_refused(string query, string problem)
    {
        var found = Settings.ReadProblem($"Healthz__Caches__default=rediss://cache?{WithFile(query)}");

        Assert.Equal(WithFile(problem), found.Problem);

        static string WithFile(string text) =>
            text.Replace("{0}", typeof(RedisCacheOptionsTests).Assembly.Location, StringComparison.Ordinal);
    }
}
