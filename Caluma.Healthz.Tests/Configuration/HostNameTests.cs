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

    /// <remarks>Found by fuzzing: <see cref="Uri"/> has such hosts, and throws when it is asked for the encoded one.</remarks>
    [Theory]
    [InlineData("Healthz__Databases__default", "postgres://probe:p@{0}/caluma")]
    [InlineData("Healthz__Databases__default", "Host={0};Username=probe;Password=p;Database=caluma")]
    [InlineData("DATABASE_HOST", "{0}")]
    [InlineData("Healthz__Caches__default", "redis://{0}")]
    [InlineData("Healthz__Caches__default", "memcached://{0}")]
    [InlineData("Healthz__Caches__default", "{0}:6380,ssl=true")]
    [InlineData("Healthz__MediaStorage__ServiceUri", "https://{0}")]
    [InlineData("Healthz__MediaStorage__ConnectionString", "BlobEndpoint=https://{0}/;SharedAccessSignature=sv=2021-08-06&sig=c2ln")]
    [InlineData("MINIO_STORAGE_ENDPOINT", "{0}:9000", "MEDIA_STORAGE_SERVICE=minio")]
    [InlineData("Healthz__History__ServiceUri", "https://{0}")]
    [InlineData("Healthz__Webhook", "https://{0}/hook")]
    [InlineData("Healthz__Alertmanager", "https://{0}")]
    public void A_host_that_cannot_be_one_is_refused(string setting, string form, params string[] others)
    {
        foreach (var host in (string[])[new string('ä', 60), new string('a', 64), "dä..b"])
        {
            var problems = Settings.Read([$"{setting}={string.Format(null, form, host)}", .. others]).Problems;

            Assert.Contains(setting, problems.Select(problem => problem.Setting));
        }
    }
}
