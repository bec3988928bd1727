using Caluma.Healthz.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class ConfigurationLogTests
{
    private const string NoCache = "HealthzConfigurationRemark remark=no cache is probed: Caluma's cache backend (LocMemCache, its "
        + "default) cannot be seen from outside";

    [Fact]
    public void A_probe_that_is_off_says_so_and_nothing_else() => Assert.Equal(
        [(LogLevel.Information, "HealthzDisabled every route answers 404 until ENABLE_HEALTHZ_ENDPOINT is true")],
        Write("ENABLE_HEALTHZ_ENDPOINT=false", "Healthz__Timeout=soon"));

    [Fact]
    public void Remarks_are_logged_one_by_one() => Assert.Equal(
        [
            (LogLevel.Information, NoCache),
            (LogLevel.Information, "HealthzConfigurationRemark remark=REDIS_URL is not read, by Caluma neither: CACHE_BACKEND and "
                + "CACHE_LOCATION are, or Healthz__Caches__default"),
        ],
        Write("REDIS_URL=redis://cache"));

    [Fact]
    public void All_problems_are_one_event()
    {
        var (level, message) = Write("Healthz__Timeout=soon", "Healthz__Slo=100")[0];

        Assert.Equal(LogLevel.Critical, level);
        Assert.StartsWith(
            "HealthzConfigurationInvalid count=2 problems=Healthz__Timeout is \"soon\"; expected a duration", message,
            StringComparison.Ordinal);
        Assert.Contains($"{Environment.NewLine}Healthz__Slo is \"100\"; expected ", message, StringComparison.Ordinal);
    }

    private static List<(LogLevel, string)> Write(params string[] settings)
    {
        var logger = new FakeLogger();
        ConfigurationLog.Write(logger, Settings.Read(settings));
        return [.. logger.Collector.GetSnapshot().Select(entry => (entry.Level, entry.Message))];
    }
}
