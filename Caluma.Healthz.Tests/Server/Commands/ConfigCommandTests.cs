using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Forms;

namespace Caluma.Healthz.Tests.Server.Commands;

public class ConfigCommandTests
{
    [Fact]
    public async Task Configured_values_are_shown_with_their_sources_and_without_secrets()
    {
        var result = await CommandLine.RunAsync(
            Settings.Of(
                "ENABLE_HEALTHZ_ENDPOINT=true",
                "DATABASE_HOST=db",
                "DATABASE_PASSWORD=c4n4ry",
                "Healthz__Caches__main=redis://user:c4n4ry@cache/1",
                "Healthz__MediaStorage__ConnectionString=DefaultEndpointsProtocol=https;AccountName=account;AccountKey=c4n4ryc4n4ry",
                "HEALTHZ_FUNCTION_KEYS=c4n4ry"),
            "config");

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Equal(
            [
                "SETTING|VALUE|FROM",
                "enabled|yes|ENABLE_HEALTHZ_ENDPOINT",
                "Timeout|00:00:05|default",
                "MinInterval|00:00:01|default",
                "Checks|media storage service, caches, database migrations, databases, database models|default",
                "database default|db:5432/caluma as caluma, TLS require|DATABASE_HOST, DATABASE_PASSWORD",
                "cache main|cache:6379/1|Healthz__Caches__main",
                "media storage|https://account.blob.core.windows.net/ container caluma-media|Healthz__MediaStorage__ConnectionString",
                "migrations|auto|default",
                "Schedule|0 * * * * *|default",
                "Slo|99.5|default",
                "history|not recorded|default",
            ],
            result.Table().Select(columns => string.Join('|', columns)));
    }

    [Theory]
    [InlineData("Healthz__Timeout=soon", "Timeout|00:00:05 (the default counts; \"soon\" is rejected)|Healthz__Timeout")]
    [InlineData("Healthz__Slo=lots", "Slo|99.5 (the default counts; \"lots\" is rejected)|Healthz__Slo")]
    [InlineData(
        "Healthz__History__RetentionDays=0",
        "RetentionDays|90 (the default counts; \"0\" is rejected)|Healthz__History__RetentionDays")]
    [InlineData("Healthz__Migrations__CalumaVersion=9.3.4",
        "migrations|auto (the default counts; \"9.3.4\" is rejected)|Healthz__Migrations__CalumaVersion")]
    [InlineData(
        "Healthz__Migrations__PlanFile=/nowhere",
        "migrations|auto (the default counts; \"plan in /nowhere\" is rejected)|Healthz__Migrations__PlanFile")]
    [InlineData(
        "DATABASE_PORT=70000",
        "database default|db:5432/caluma as caluma, TLS require (the default counts; DATABASE_PORT \"70000\" is rejected)|DATABASE_HOST, "
            + "DATABASE_PORT")]
    [InlineData(
        "PGSSLMODE=sometimes",
        "database default|db:5432/caluma as caluma, TLS require (the default counts; PGSSLMODE \"sometimes\" is rejected)|DATABASE_HOST, "
            + "PGSSLMODE")]
    [InlineData("Healthz__Checks=databases,nope", "Checks|databases (\"nope\" is rejected)|Healthz__Checks")]
    public async Task A_rejected_value_is_shown_beside_the_default_that_counts(string setting, string row)
    {
        var result = await CommandLine.RunAsync(Settings.Of("ENABLE_HEALTHZ_ENDPOINT=true", "DATABASE_HOST=db", setting), "config");

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.Contains(row, result.Table().Select(columns => string.Join('|', columns)));
    }

    [Fact]
    public async Task All_problems_are_listed_below_the_values()
    {
        var result = await CommandLine.RunAsync(
            Settings.Of("DATABASE_HOST=db", "Healthz__Timeout=soon", "Healthz__Caches__main=redis://user:c4n#4ry@cache"), "config");

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.Contains(result.Table(), columns => columns is ["database default", ..]);
        Assert.Equal(
            [
                "The configuration is invalid:",
                "  Healthz__Timeout is \"soon\"; expected a duration from 0:00:00.1 to 0:01:00 as hours:minutes:seconds, such as 00:00:05",
                "  Healthz__Caches__main is not a well-formed URL (are all special characters percent-encoded?); expected a "
                    + "StackExchange.Redis "
                    + "string such as cache:6379,password=…, or a URL such as redis://:…@cache:6379/0 (rediss:// with TLS) or "
                    + "memcached://cache:11211",
            ],
            result.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Slow]
    [Native]
    public sealed class Native : ConfigCommandTests;
}
