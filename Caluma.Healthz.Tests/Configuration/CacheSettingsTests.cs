using System.Net;
using Caluma.Healthz.Configuration;
using StackExchange.Redis;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class CacheSettingsTests
{
    private const string RedisBackend = "CACHE_BACKEND=django.core.cache.backends.redis.RedisCache";

    [Theory]
    [InlineData("LocMemCache, its default")]
    [InlineData("LocMemCache, its default", "CACHE_BACKEND=")]
    [InlineData("LocMemCache, its default", "CACHE_LOCATION=unique-snowflake")]
    [InlineData("LocMemCache", "CACHE_BACKEND=django.core.cache.backends.locmem.LocMemCache")]
    [InlineData("DummyCache", "CACHE_BACKEND=django.core.cache.backends.dummy.DummyCache", "CACHE_LOCATION=redis://cache")]
    [InlineData("FileBasedCache", "CACHE_BACKEND=django.core.cache.backends.filebased.FileBasedCache", "CACHE_LOCATION=/tmp")]
    [InlineData("DatabaseCache", "CACHE_BACKEND=django.core.cache.backends.db.DatabaseCache", "CACHE_LOCATION=cache")]
    public void A_cache_inside_of_Calumas_process_gets_a_remark_and_no_probe(string named, params string[] settings)
    {
        var configuration = Settings.Read(settings);

        Assert.Empty(configuration.Problems);
        Assert.Empty(configuration.Options.Caches);
        Assert.Equal(
            [$"no cache is probed: Caluma's cache backend ({named}) cannot be seen from outside"], configuration.Remarks);
    }

    [Theory]
    [InlineData("Healthz__Caches__other=cache")]
    [InlineData("Healthz__Checks=databases")]
    public void There_is_no_remark_if_a_cache_is_probed_or_none_is_wanted(string setting) =>
        Assert.Empty(Settings.Read(setting).Remarks);

    [Theory]
    [InlineData("django.core.cache.backends.redis.RedisCache", "redis://cache:6380/2")]
    [InlineData("django_redis.cache.RedisCache", "redis://cache:6380/2,redis://replica:6380/2")]
    [InlineData("django_redis.cache.RedisCache", "redis://cache:6380/2;redis://replica:6380/2")]
    public void Calumas_own_cache_is_read_and_of_several_locations_the_first(string backend, string location)
    {
        var configuration = Settings.Read($"CACHE_BACKEND={backend}", $"CACHE_LOCATION={location}");

        Assert.Empty(configuration.Problems);
        Assert.Equal("default", Assert.Single(configuration.Options.Caches).Alias);
        Assert.Contains(new("cache default", "cache:6380/2", "CACHE_LOCATION, CACHE_BACKEND"), configuration.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cache:6379")]
    [InlineData("redis://:p,w@cache")]
    [InlineData("redis://user:1;w@cache")]
    public void A_location_that_Django_does_not_split_is_refused(string location) =>
        Assert.Equal(
            "CACHE_LOCATION is not a URL, and CACHE_BACKEND is django.core.cache.backends.redis.RedisCache; expected a URL such as "
            + "redis://:…@cache:6379/0, with %2C for a comma and %3B for a semicolon in the password",
            $"{Settings.ReadProblem(RedisBackend, $"CACHE_LOCATION={location}")}");

    [Fact]
    public void A_backend_that_cannot_be_probed_is_refused_unless_the_check_is_left_out()
    {
        const string unknown = "CACHE_BACKEND=my.own.Cache";

        Assert.Equal(
            "CACHE_BACKEND is \"my.own.Cache\", which the probe does not know; expected a backend of Django's or django-redis, the "
                + "cache in "
            + "Healthz__Caches__default, or the check left out of Healthz__Checks",
            $"{Settings.ReadProblem(unknown)}");
        Settings.ReadOptions(unknown, "Healthz__Caches__default=cache");
        Settings.ReadOptions(unknown, "Healthz__Checks=databases");
    }

    [Theory]
    [InlineData("Healthz__Caches__default=memcached://cache", "cache:11211")]
    [InlineData("Healthz__Caches__default=memcached://cache:11212,other:1", "cache:11212, other:1")]
    [InlineData("Healthz__Caches__default=memcached://[::1]:11212", "::1:11212")]
    public void A_Memcached_is_named_by_its_servers(string setting, string shown)
    {
        var configuration = Settings.Read(setting);

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("cache default", $"memcached {shown}", "Healthz__Caches__default"), configuration.Values);
    }

    [Theory]
    [InlineData("127.0.0.1:11211", "127.0.0.1:11211")]
    [InlineData("cache;other:2", "cache:11211, other:2")]
    public void Calumas_own_Memcached_is_read(string location, string shown)
    {
        var configuration = Settings.Read(
            "CACHE_BACKEND=django.core.cache.backends.memcached.MemcachedCache", $"CACHE_LOCATION={location}");

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("cache default", $"memcached {shown}", "CACHE_LOCATION, CACHE_BACKEND"), configuration.Values);
    }

    [Theory]
    [InlineData("", "names no server")]
    [InlineData("unix:/run/memcached.sock", "names a socket of the machine that Caluma runs on, which cannot be reached from outside")]
    [InlineData("cache:70000", "has a server that is not a host and port")]
    [InlineData("cache:0", "has a server that is not a host and port")]
    [InlineData("redis://cache", "has a server that is not a host and port")]
    [InlineData("user:secret@cache", "has more than a host and a port")]
    [InlineData("cache/path", "has more than a host and a port")]
    public void An_invalid_Memcached_server_is_refused(string location, string problem)
    {
        var refused = Settings.ReadProblem(
            "CACHE_BACKEND=django.core.cache.backends.memcached.PyMemcacheCache", $"CACHE_LOCATION={location}");

        Assert.Equal(
            $"CACHE_LOCATION {problem}; expected a server such as cache:11211, or several, separated by commas", $"{refused}");
    }

    [Fact]
    public void Our_own_default_wins_over_Calumas()
    {
        var cache = Cache(RedisBackend, "CACHE_LOCATION=redis://theirs", "Healthz__Caches__default=redis://ours");

        Assert.Equal(["ours"], Hosts(cache));
    }

    [Theory]
    [InlineData("cache:6380,defaultDatabase=3,user=user,password=p")]
    [InlineData("cache:6380, defaultDatabase = 3 , user=user ,password=p,")]
    [InlineData("redis://user:p@cache:6380/3")]
    [InlineData("redis://us%65r:%70@cache:6380/3/?socket_timeout=5")]
    [InlineData("REDIS://user:p@CACHE:6380?db=3")]
    public void A_cache_is_a_string_or_a_URL(string value)
    {
        var cache = Cache($"Healthz__Caches__default={value}");

        Assert.Equal(new DnsEndPoint("cache", 6380), Assert.Single(cache.EndPoints));
        Assert.Equal((3, "user", "p", false), (cache.DefaultDatabase, cache.User, cache.Password, cache.Ssl));
    }

    [Fact]
    public void A_URL_may_have_only_a_host()
    {
        var cache = Cache("Healthz__Caches__default=redis://cache");

        Assert.Equal(new DnsEndPoint("cache", 6379), Assert.Single(cache.EndPoints));
        Assert.Equal((0, null, null, false), (cache.DefaultDatabase, cache.User, cache.Password, cache.Ssl));
    }

    [Theory]
    [InlineData("ssl_cert_reqs=required")]
    [InlineData("ssl_cert_reqs=optional")]
    [InlineData("ssl_check_hostname=True&ssl_min_version=2")]
    [InlineData("health_check_interval=30&retry_on_timeout=True&socket_connect_timeout=1&protocol=3")]
    public void Harmless_parameters_of_redis_py_are_accepted(string query) =>
        Assert.True(Cache($"Healthz__Caches__default=rediss://cache/1?{query}").Ssl);

    [Fact]
    public void A_parameter_without_an_effect_gets_a_remark() => Assert.Contains(
        "Healthz__Caches__default: socket_timeout, ssl_min_version make no difference to a verdict",
        Settings.Read("Healthz__Caches__default=rediss://cache/?socket_timeout=5&ssl_min_version=2&ssl_cert_reqs=required").Remarks);

    [Theory]
    [InlineData("redis://cache", null)]
    [InlineData("redis://cache?protocol=2", null)]
    [InlineData("redis://cache?protocol=3", RedisProtocol.Resp3)]
    public void The_protocol_of_a_URL_is_that_of_redis_py(string url, RedisProtocol? protocol) =>
        Assert.Equal(protocol, Cache($"Healthz__Caches__default={url}").Protocol);

    [Theory]
    [InlineData("redis://a, redis://b")]
    [InlineData("redis://a ;redis://b")]
    public void White_space_between_locations_is_a_problem(string location) => Assert.Equal(
        "has white space beside a comma or semicolon, which Django keeps",
        Settings.Read(RedisBackend, $"CACHE_LOCATION={location}").Problems[0].Problem);

    [Fact]
    public void A_rediss_URL_uses_TLS()
    {
        var configuration = Settings.Read("Healthz__Caches__default=rediss://:p@cache");
        var cache = Assert.IsType<RedisCacheOptions>(Assert.Single(configuration.Options.Caches)).Connection;

        Assert.Equal((null, "p", true), (cache.User, cache.Password, cache.Ssl));
        Assert.Contains(new("cache default", "cache:6379/0 with TLS", "Healthz__Caches__default"), configuration.Values);
    }

    [Fact]
    public void A_URL_may_hold_an_address_of_IPv6() =>
        Assert.Equal(
            new IPEndPoint(IPAddress.IPv6Loopback, 6380), Assert.Single(Cache("Healthz__Caches__default=redis://[::1]:6380").EndPoints));

    [Theory]
    [InlineData("cache1,cache2:6380,password=p", "cache1, cache2:6380/0")]
    [InlineData("[::1]:6380", "[::1]:6380/0")]
    [InlineData("sentinel:26379,serviceName=mymaster,ssl=true", "Sentinel sentinel:26379 service mymaster/0 with TLS")]
    public void The_hosts_of_a_string_are_shown(string value, string shown) =>
        Assert.Contains(new("cache default", shown, "Healthz__Caches__default"), Settings.Read($"Healthz__Caches__default={value}").Values);

    [Theory]
    [MemberData(nameof(DatabaseSettingsTests.Passwords), MemberType = typeof(DatabaseSettingsTests))]
    [InlineData(" p ")]
    public void A_password_may_hold_anything_in_a_URL(string password)
    {
        var escaped = Uri.EscapeDataString(password);

        Assert.Equal(password, Cache($"Healthz__Caches__default=redis://:{escaped}@cache/1").Password);
        Assert.Equal(password, Cache(RedisBackend, $"CACHE_LOCATION=rediss://user:{escaped}@cache/1").Password);
    }

    [Theory]
    [MemberData(nameof(DatabaseSettingsTests.Passwords), MemberType = typeof(DatabaseSettingsTests))]
    public void A_password_may_hold_anything_but_a_comma_in_a_string(string password)
    {
        var setting = $"Healthz__Caches__default=cache:6379,password={password},ssl=false";
        if (password.Contains(','))
        {
            Assert.Equal(
                "names a host after an option (a password with a comma in it needs a URL, with %2C for the comma)",
                Settings.ReadProblem(setting).Problem);
        }
        else
        {
            Assert.Equal(password, Cache(setting).Password);
        }
    }

    [Theory]
    [InlineData("redis://:p@ss@cache")]
    [InlineData("redis://user:12#ss@cache")]
    [InlineData("redis://user:12/ss@cache")]
    [InlineData("redis://user:12?ss@cache")]
    [InlineData("redis://cache:0")]
    [InlineData("redis://cache:70000")]
    [InlineData("redis:///0")]
    public void An_ambiguous_URL_is_refused(string url) =>
        Assert.Equal(
            "is not a well-formed URL (are all special characters percent-encoded?)",
            Settings.ReadProblem($"Healthz__Caches__default={url}").Problem);

    [Theory]
    [InlineData("gopher://cache:11211", "has the scheme gopher, which this version cannot probe")]
    [InlineData("redis://cache/x", "has a path that is not a database number")]
    [InlineData("redis://cache/-1", "has a path that is not a database number")]
    [InlineData("redis://cache/99999999999", "has a path that is not a database number")]
    [InlineData("redis://cache?db=", "has a path that is not a database number")]
    [InlineData("redis://cache?password=secret", "has a parameter that is not understood: password")]
    [InlineData(
        "rediss://cache?ssl_cert_reqs=none", "has ssl_cert_reqs=none, with which any certificate would do (name the authority of the "
        + "server's certificate in ssl_ca_certs, or in SSL_CERT_FILE for the whole probe)")]
    [InlineData("rediss://cache?ssl_ca_certs=/nowhere", "names /nowhere in ssl_ca_certs, which is not there")]
    [InlineData(
        "rediss://cache?ssl_ca_path=/certs", "has ssl_ca_path, which the probe cannot follow (write the certificates into a file and name "
        + "it in ssl_ca_certs)")]
    [InlineData(
        "redis://cache1,cache2/0", "names several hosts (those of a cluster or of Sentinel go into a StackExchange.Redis string, separated "
        + "by commas)")]
    [InlineData("unix:///run/redis.sock?db=1", "names a socket of the machine that Caluma runs on, which cannot be reached from outside")]
    [InlineData("password=p", "names no host")]
    [InlineData("cache:70000", "is not a valid StackExchange.Redis connection string")]
    [InlineData("cache,nope=1", "is not a valid StackExchange.Redis connection string")]
    [InlineData("cache,ssl=maybe", "is not a valid StackExchange.Redis connection string")]
    [InlineData("cache;password=p", "is not a valid StackExchange.Redis connection string")]
    [InlineData("user:secret@cache:6379", "names a host that cannot be one")]
    [InlineData("a cache", "names a host that cannot be one")]
    [InlineData("cache,=secret", "names a host that cannot be one")]
    public void An_invalid_value_is_explained(string value, string problem) =>
        Assert.Equal(
            $"Healthz__Caches__default {problem}; expected a StackExchange.Redis string such as cache:6379,password=…, or a URL such as "
            + "redis://:…@cache:6379/0 (rediss:// with TLS) or memcached://cache:11211",
            $"{Settings.ReadProblem($"Healthz__Caches__default={value}")}");

    [Theory]
    [InlineData("s1:26380,s2,serviceName=calumas-cache,defaultDatabase=2", "Sentinel s1:26380, s2 service calumas-cache/2")]
    [InlineData(
        "s1,serviceName=calumas-cache,password=c4n4ry,sentinelUser=s,sentinelPassword=c4n4ry", "Sentinel s1 service calumas-cache/0")]
    [InlineData("c1:7000,c2:7001,c3:7002,password=c4n4ry", "c1:7000, c2:7001, c3:7002/0")]
    [InlineData("cache,serviceName=", "cache/0")]
    public void Sentinel_and_several_servers_are_shown_as_such(string value, string shown)
    {
        var configuration = Settings.Read($"Healthz__Caches__default={value}");

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("cache default", shown, "Healthz__Caches__default"), configuration.Values);
    }

    [Fact]
    public void The_settings_for_Sentinel_are_read()
    {
        var cache = Cache("Healthz__Caches__default=s1,s2,serviceName=calumas-cache,user=u,password=p,sentinelUser=su,sentinelPassword=sp");

        Assert.Equal(["s1", "s2"], Hosts(cache));
        Assert.Equal(
            ("calumas-cache", "u", "p", "su", "sp"),
            (cache.ServiceName, cache.User, cache.Password, cache.SentinelUser, cache.SentinelPassword));
    }

    private static ConfigurationOptions Cache(params string[] settings) =>
        Assert.IsType<RedisCacheOptions>(Assert.Single(Settings.ReadOptions(settings).Caches)).Connection;

    private static IEnumerable<string> Hosts(ConfigurationOptions cache) =>
        cache.EndPoints.OfType<DnsEndPoint>().Select(endPoint => endPoint.Host);
}
