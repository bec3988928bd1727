using Caluma.Healthz.Configuration;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class HealthzConfigurationTests
{
    [Fact]
    public void Unset_settings_have_their_defaults()
    {
        var options = Settings.ReadOptions();

        Assert.True(options.Enabled);
        Assert.Equal(CheckSet.All, options.Checks);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(1), options.MinInterval);
        Assert.Equal("default", Assert.Single(options.Databases).Alias);
        Assert.Empty(options.Caches);
        Assert.Null(options.MediaStorage);
    }

    [Fact]
    public void Without_any_setting_the_probe_is_off_and_lacks_a_database()
    {
        var configuration = HealthzConfiguration.Read(Settings.Of());

        Assert.False(configuration.Options.Enabled);
        Assert.Equal(
            "Healthz__Databases__default is not set, and neither is DATABASE_HOST; expected an Npgsql connection string such as "
            + "Host=db;Database=caluma;Username=probe;Password=…, or a URL such as postgres://probe:…@db:5432/caluma",
            $"{Assert.Single(configuration.Problems)}");
    }

    [Fact]
    public void Every_setting_of_ours_is_read_and_its_source_named()
    {
        var configuration = Settings.Read(
            "Healthz__Databases__main=Host=db1;Database=caluma;Username=probe;Password=secret",
            "Healthz__Caches__main=cache:6379,password=secret",
            "Healthz__MediaStorage__ConnectionString=DefaultEndpointsProtocol=https;AccountName=account;AccountKey=c2VjcmV0",
            "Healthz__MediaStorage__Container=media",
            "Healthz__Checks=caches,databases",
            "Healthz__Timeout=00:00:02.5",
            "Healthz__MinInterval=00:00:00",
            "Healthz__Migrations__CalumaVersion=9.3.3",
            "Healthz__Schedule=0 */5 * * * *",
            "Healthz__Slo=99.9",
            "Healthz__Maintenance__0=2026-12-01T22:00:00Z/2026-12-02T02:00:00Z",
            "Healthz__History__ServiceUri=https://records.blob.core.windows.net",
            "Healthz__History__Container=records",
            "Healthz__History__RetentionDays=30");

        Assert.Empty(configuration.Problems);
        Assert.Equal(
            [
                new("enabled", "yes", "ENABLE_HEALTHZ_ENDPOINT"),
                new("Timeout", "00:00:02.5000000", "Healthz__Timeout"),
                new("MinInterval", "00:00:00", "Healthz__MinInterval"),
                new("Checks", "caches, databases", "Healthz__Checks"),
                new("database main", "db1:5432/caluma as probe, TLS require", "Healthz__Databases__main"),
                new("database default", "db:5432/caluma as caluma, TLS require", "DATABASE_HOST"),
                new("cache main", "cache:6379/0", "Healthz__Caches__main"),
                new("media storage", "https://account.blob.core.windows.net/ container media", "Healthz__MediaStorage__ConnectionString"),
                new("migrations", "9.3.3", "Healthz__Migrations__CalumaVersion"),
                new("Schedule", "0 */5 * * * *", "Healthz__Schedule"),
                new("Slo", "99.9", "Healthz__Slo"),
                new("maintenance 0", "2026-12-01T22:00:00Z/2026-12-02T02:00:00Z", "Healthz__Maintenance__0"),
                new(
                    "history",
                    "https://records.blob.core.windows.net/ container records with the identity of the process",
                    "Healthz__History__ServiceUri"),
                new("RetentionDays", "30", "Healthz__History__RetentionDays"),
            ],
            configuration.Values);
        Assert.Equal(["main", "default"], configuration.Options.Databases.Select(database => database.Alias));
        Assert.Equal("main", Assert.Single(configuration.Options.Caches).Alias);
        Assert.Equal(CheckSet.Of(Check.Caches, Check.Databases), configuration.Options.Checks);
        Assert.Equal(TimeSpan.FromSeconds(2.5), configuration.Options.Timeout);
        Assert.Equal(TimeSpan.Zero, configuration.Options.MinInterval);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("y", true)]
    [InlineData("on", true)]
    [InlineData("ok", true)]
    [InlineData(" true\n", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("off", false)]
    [InlineData("", false)]
    public void ENABLE_HEALTHZ_ENDPOINT_is_read_as_in_Caluma(string value, bool enabled) =>
        Assert.Equal(enabled, Settings.ReadOptions($"ENABLE_HEALTHZ_ENDPOINT={value}").Enabled);

    [Fact]
    public void An_invalid_ENABLE_HEALTHZ_ENDPOINT_counts_as_on_so_that_the_problem_is_visible()
    {
        var configuration = Settings.Read("ENABLE_HEALTHZ_ENDPOINT=maybe");

        Assert.True(configuration.Options.Enabled);
        Assert.Equal("ENABLE_HEALTHZ_ENDPOINT is neither yes nor no; expected true or false", $"{Assert.Single(configuration.Problems)}");
    }

    [Theory]
    [InlineData("00:00:00.1")]
    [InlineData("00:01:00")]
    [InlineData("00:00:05")]
    public void A_timeout_within_its_range_is_accepted(string value) => Settings.ReadOptions($"Healthz__Timeout={value}");

    [Theory]
    [InlineData("Healthz__Timeout", "", "0:00:00.1 to 0:01:00")]
    [InlineData("Healthz__Timeout", "5", "0:00:00.1 to 0:01:00")]
    [InlineData("Healthz__Timeout", "5s", "0:00:00.1 to 0:01:00")]
    [InlineData("Healthz__Timeout", "00:00:00.09", "0:00:00.1 to 0:01:00")]
    [InlineData("Healthz__Timeout", "00:01:00.1", "0:00:00.1 to 0:01:00")]
    [InlineData("Healthz__Timeout", "-00:00:05", "0:00:00.1 to 0:01:00")]
    [InlineData("Healthz__Timeout", "00:00:05,5", "0:00:00.1 to 0:01:00")]
    [InlineData("Healthz__Timeout", "10675199.02:48:05.4775807", "0:00:00.1 to 0:01:00")]
    [InlineData("Healthz__MinInterval", "-00:00:01", "0:00:00 to 0:05:00")]
    [InlineData("Healthz__MinInterval", "00:05:01", "0:00:00 to 0:05:00")]
    [InlineData("Healthz__MinInterval", "1", "0:00:00 to 0:05:00")]
    public void Another_duration_is_refused_and_changes_nothing(string setting, string value, string bounds)
    {
        var configuration = Settings.Read($"{setting}={value}");
        var problem = Assert.Single(configuration.Problems);

        Assert.Equal(setting, problem.Setting);
        Assert.Equal($"is \"{value}\"", problem.Problem);
        Assert.StartsWith(
            $"a duration from {bounds} as hours:minutes:seconds, such as 00:00:0", problem.Expected, StringComparison.Ordinal);
        Assert.Equal((new HealthzOptions().Timeout, new HealthzOptions().MinInterval),
            (configuration.Options.Timeout, configuration.Options.MinInterval));
    }

    [Theory]
    [InlineData("databases", Check.Databases)]
    [InlineData("database models, database-migrations ,media_storage_service,",
        Check.DatabaseModels, Check.DatabaseMigrations, Check.MediaStorageService)]
    [InlineData("watchman.checks.databases,watchman.checks.caches", Check.Databases, Check.Caches)]
    [InlineData("caluma.caluma_core.health_checks.check_migrations", Check.DatabaseMigrations)]
    [InlineData("caches,caches", Check.Caches)]
    public void A_check_is_found_by_any_of_its_names(string names, params Check[] checks)
    {
        Assert.Equal(CheckSet.Of(checks), Settings.ReadOptions($"Healthz__Checks={names}").Checks);
        Assert.Equal(CheckSet.Of(checks), Settings.ReadOptions($"WATCHMAN_CHECKS={names}").Checks);
    }

    [Fact]
    public void Our_own_list_of_checks_wins_over_that_of_watchman() =>
        Assert.Equal(
            CheckSet.Of(Check.Caches), Settings.ReadOptions("Healthz__Checks=caches", "WATCHMAN_CHECKS=watchman.checks.databases").Checks);

    [Theory]
    [InlineData("Healthz__Checks")]
    [InlineData("WATCHMAN_CHECKS")]
    public void Unknown_checks_are_refused_one_by_one(string setting) =>
        Assert.Equal(
            [
                $"{setting} names the unknown check \"Databases\"; expected any of media storage service, caches, database migrations, "
                    + "databases, database models, separated by commas",
                $"{setting} names the unknown check \"a?b\"; expected any of media storage service, caches, database migrations, "
                    + "databases, database models, separated by commas",
            ],
            Settings.Read($"{setting}=Databases,caches,a\tb").Problems.Select(problem => $"{problem}"));

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    public void A_list_without_a_known_check_runs_none_as_in_Caluma(string value) =>
        Assert.True(Settings.ReadOptions($"WATCHMAN_CHECKS={value}").Checks.IsEmpty);

    [Theory]
    [InlineData("Healthz__Timout=00:00:02", "Healthz__Timout is not a known setting; did you mean Healthz__Timeout? Expected one of "
        + "Healthz__Name, Healthz__RunbookUrl, Healthz__Checks, "
        + "Healthz__Timeout, Healthz__MinInterval, Healthz__Schedule, Healthz__Slo, Healthz__Alertmanager, Healthz__Webhook, "
        + "Healthz__WebhookSecret, Healthz__Databases, Healthz__Caches, "
        + "Healthz__MediaStorage, "
        + "Healthz__Migrations, Healthz__History, Healthz__Maintenance")]
    [InlineData("Healthz__Migrations__Version=9.3.3", "Healthz__Migrations__Version is not a known setting; expected one of "
        + "Healthz__Migrations__CalumaVersion, Healthz__Migrations__PlanFile")]
    [InlineData("Healthz__MediaStorage__Bucket__x=y", "Healthz__MediaStorage__Bucket is not a known setting; expected one of "
        + "Healthz__MediaStorage__ConnectionString, Healthz__MediaStorage__ServiceUri, Healthz__MediaStorage__Container")]
    public void A_setting_that_does_not_exist_is_refused(string setting, string problem) =>
        Assert.Equal(problem, $"{Settings.ReadProblem(setting)}");

    [Theory]
    [InlineData("Healthz__Databases=Host=db", "Healthz__Databases", "takes no value of its own")]
    [InlineData("Healthz__Caches=redis://cache", "Healthz__Caches", "takes no value of its own")]
    [InlineData("Healthz__MediaStorage=UseDevelopmentStorage=true", "Healthz__MediaStorage", "takes no value of its own")]
    [InlineData("Healthz__Migrations=9.3.3", "Healthz__Migrations", "takes no value of its own")]
    [InlineData("Healthz__Checks__0=databases", "Healthz__Checks", "has settings below it")]
    [InlineData("Healthz__Timeout__Seconds=5", "Healthz__Timeout", "has settings below it")]
    [InlineData("Healthz__Databases__a__b=Host=db", "Healthz__Databases__a", "has settings below it")]
    public void A_setting_on_the_wrong_level_is_refused(string setting, string name, string problem) =>
        Assert.Equal((name, problem), About(Settings.ReadProblem(setting)));

    [Fact]
    public void Names_of_settings_are_case_insensitive() =>
        Assert.Equal(TimeSpan.FromSeconds(2), Settings.ReadOptions("HEALTHZ__TIMEOUT=00:00:02").Timeout);

    [Theory]
    [InlineData("a")]
    [InlineData("Default-2")]
    [InlineData("Zürich 数据库")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a\"b\\c{}")]
    public void An_alias_may_be_anything_that_can_be_shown(string alias)
    {
        var options = Settings.ReadOptions($"Healthz__Databases__{alias}=Host=db", $"Healthz__Caches__{alias}=cache");

        Assert.Contains(alias, options.Databases.Select(database => database.Alias));
        Assert.Equal(alias, Assert.Single(options.Caches).Alias);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" ", " ")]
    [InlineData("a\nb", "a?b")]
    [InlineData("a\eb", "a?b")]
    [InlineData("a\u202Eb", "a?b")]
    [InlineData("a\u200Bb", "a?b")]
    [InlineData("a\u2028b", "a?b")]
    public void An_alias_that_cannot_be_shown_is_refused(string alias, string shown)
    {
        foreach (var section in new[] { "Healthz__Databases", "Healthz__Caches" })
        {
            var problem = Settings.ReadProblem($"{section}__{alias}=Host=db");
            Assert.Equal($"{section}__{shown}", problem.Setting);
            Assert.Equal("has an alias that cannot be shown", problem.Problem);
        }
    }

    [Fact]
    public void An_alias_has_at_most_a_hundred_characters()
    {
        Settings.ReadOptions($"Healthz__Databases__{new string('a', 100)}=Host=db");

        Assert.Equal(
            "has an alias that cannot be shown", Settings.ReadProblem($"Healthz__Databases__{new string('a', 101)}=Host=db").Problem);
    }

    [Fact]
    public void All_problems_are_listed_at_once()
    {
        string[] settings =
        [
            "ENABLE_HEALTHZ_ENDPOINT=maybe", "Healthz__Timeout=5", "Healthz__MinInterval=x", "Healthz__Checks=databases,nope",
            "Healthz__Databases__a=nonsense", "Healthz__Databases__b=", "DATABASE_PORT=0", "Healthz__Caches__a=http://cache",
            "Healthz__MediaStorage__ConnectionString=nonsense", "Healthz__MediaStorage__Container=-",
            "Healthz__Migrations__CalumaVersion=1.2.3", "Healthz__Migrations__PlanFile=/nonexistent", "Healthz__Nope=1",
            "Healthz__Schedule=hourly", "Healthz__Slo=100", "Healthz__Maintenance__0=never", "Healthz__History__RetentionDays=0",
            "AzureWebJobsStorage=nonsense",
        ];

        var problems = Settings.Read(settings).Problems;

        Assert.Equal(settings.Select(setting => setting.Split('=')[0]).Order(), problems.Select(problem => problem.Setting).Order());
        Assert.All(problems, problem =>
            Assert.False(string.IsNullOrWhiteSpace(problem.Problem) || string.IsNullOrWhiteSpace(problem.Expected)));
    }

    [Fact]
    public void An_echoed_value_is_short_and_on_one_line()
    {
        var configuration = Settings.Read(
            $"Healthz__Timeout=1\n2{new string('x', 100_000)}",
            $"Healthz__Databases__a=Host=db;Database={new string('x', 100_000)}",
            $"Healthz__Migrations__CalumaVersion=\e[2J{new string('9', 100_000)}");

        Assert.Equal(2, configuration.Problems.Count);
        Assert.All(
            configuration.Problems.Select(problem => $"{problem}").Concat(configuration.Values.Select(value => value.Value)),
            text => Assert.True(text.Length <= 1000 && !text.Any(char.IsControl), text));
    }

    [Fact]
    public void A_value_of_null_counts_as_unset()
    {
        // As in appsettings.json: { "Healthz": { "Timeout": null } }
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([new("DATABASE_HOST", "db"), new("Healthz:Timeout", null), new("Healthz:Databases", null)])
            .Build();

        Assert.Empty(HealthzConfiguration.Read(settings).Problems);
    }

    private static (string Setting, string Problem) About(ConfigurationProblem problem) => (problem.Setting, problem.Problem);
}
