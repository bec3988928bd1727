using System.Globalization;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class HistorySettingsTests
{
    private const string ConnectionString = "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=c2VjcmV0";
    private const string Own = $"Healthz__History__ConnectionString={ConnectionString}";

    [Fact]
    public void Unset_settings_have_their_defaults()
    {
        var configuration = Settings.Read();

        Assert.Empty(configuration.Problems);
        Assert.Null(configuration.Options.History);
        Assert.Empty(configuration.Options.Maintenance);
        Assert.Equal(99.5, configuration.Options.Slo);
        Assert.Equal("0 * * * * *", configuration.Options.Schedule.Expression);
        Assert.Equal(
            [new("Schedule", "0 * * * * *", "default"), new("Slo", "99.5", "default"), new("history", "not recorded", "default")],
            configuration.Values.TakeLast(3));
    }

    [Theory]
    [InlineData("HEALTHZ_SCHEDULE", "0 */5 * * * *")]
    [InlineData("Healthz__Schedule", "0 */5 * * * *")]
    [InlineData("Healthz__Schedule", "*/5 * * * *")]
    [InlineData("Healthz__Schedule", "0 0 9-17 * * 1-5")]
    public void The_schedule_is_read(string setting, string expression)
    {
        var configuration = Settings.Read($"{setting}={expression}");

        Assert.Empty(configuration.Problems);
        Assert.Equal(expression, configuration.Options.Schedule.Expression);
        Assert.Contains(new("Schedule", expression, setting), configuration.Values);
    }

    [Fact]
    public void The_same_schedule_under_both_names_is_accepted()
    {
        var configuration = Settings.Read("HEALTHZ_SCHEDULE=0 */5 * * * *", "Healthz__Schedule=0 */5 * * * *");

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("Schedule", "0 */5 * * * *", "HEALTHZ_SCHEDULE"), configuration.Values);
    }

    [Theory]
    [InlineData("0 */5 * * * *", "0 * * * * *")]
    [InlineData("", "0 * * * * *")]
    [InlineData("0 * * * * *", "")]
    public void Two_different_schedules_are_refused(string flat, string nested)
    {
        var configuration = Settings.Read($"HEALTHZ_SCHEDULE={flat}", $"Healthz__Schedule={nested}");

        Assert.Equal(
            $"HEALTHZ_SCHEDULE is \"{flat}\", and Healthz__Schedule is \"{nested}\"; expected one of the two, or the same in both; "
            + "a Functions app needs HEALTHZ_SCHEDULE",
            $"{Assert.Single(configuration.Problems)}");
        Assert.Same(Schedule.EveryMinute, configuration.Options.Schedule);
    }

    [Theory]
    [InlineData("Healthz__Schedule", "", "", "is not an NCRONTAB expression")]
    [InlineData("HEALTHZ_SCHEDULE", "", "", "is not an NCRONTAB expression")]
    [InlineData("Healthz__Schedule", "hour\tly", "hour?ly", "is not an NCRONTAB expression")]
    [InlineData("HEALTHZ_SCHEDULE", "hour\tly", "hour?ly", "is not an NCRONTAB expression")]
    [InlineData("Healthz__Schedule", "0 0 0 30 2 *", "0 0 0 30 2 *", "never fires")]
    [InlineData("Healthz__Schedule", "* * * * * *", "* * * * * *", "fires more often than every 5 s")]
    public void An_invalid_schedule_is_refused_and_the_default_counts(string setting, string expression, string shown, string problem)
    {
        var configuration = Settings.Read($"{setting}={expression}");

        Assert.Equal(
            $"{setting} is \"{shown}\", which {problem}; expected an NCRONTAB expression such as 0 * * * * * (every minute) or "
            + "0 */5 * * * * (every five)",
            $"{Assert.Single(configuration.Problems)}");
        Assert.Same(Schedule.EveryMinute, configuration.Options.Schedule);
    }

    [Theory]
    [InlineData("50", 50)]
    [InlineData("99", 99)]
    [InlineData("99.9", 99.9)]
    [InlineData("99.999", 99.999)]
    [InlineData("095.50", 95.5)]
    public void The_objective_is_a_percentage(string value, double slo)
    {
        var configuration = Settings.Read($"Healthz__Slo={value}");

        Assert.Empty(configuration.Problems);
        Assert.Equal(slo, configuration.Options.Slo);
        Assert.Contains(new("Slo", slo.ToString(CultureInfo.InvariantCulture), "Healthz__Slo"), configuration.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("49.999")]
    [InlineData("99.9991")]
    [InlineData("100")]
    [InlineData("0.995")]
    [InlineData("-99")]
    [InlineData("99,5")]
    [InlineData("99.5%")]
    [InlineData("9.95e1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("three nines")]
    public void An_invalid_objective_is_refused_and_the_default_counts(string value)
    {
        var configuration = Settings.Read($"Healthz__Slo={value}");

        Assert.Equal(
            $"Healthz__Slo is \"{value}\"; expected an objective in percent from 50 to 99.999, such as 99.5",
            $"{Assert.Single(configuration.Problems)}");
        Assert.Equal(99.5, configuration.Options.Slo);
    }

    [Fact]
    public void The_objective_has_a_decimal_point_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
        try
        {
            CultureInfo.CurrentCulture = comma;

            Assert.Equal(99.9, Settings.ReadOptions("Healthz__Slo=99.9").Slo);
            Assert.Contains(new("Slo", "99.9", "Healthz__Slo"), Settings.Read("Healthz__Slo=99.9").Values);
            Assert.Equal("Healthz__Slo", Settings.ReadProblem("Healthz__Slo=99,9").Setting);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("90", 90)]
    [InlineData("3650", 3650)]
    public void The_retention_is_read(string value, int days)
    {
        var configuration = Settings.Read(Own, $"Healthz__History__RetentionDays={value}");

        Assert.Empty(configuration.Problems);
        Assert.Equal(days, configuration.Options.History?.RetentionDays);
        Assert.Null(Settings.Read($"Healthz__History__RetentionDays={value}").Options.History);
        Assert.Contains(new("RetentionDays", value, "Healthz__History__RetentionDays"), configuration.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("3651")]
    [InlineData("-1")]
    [InlineData("+90")]
    [InlineData("90.0")]
    [InlineData("1,000")]
    [InlineData("90d")]
    [InlineData("99999999999")]
    [InlineData("٩٠")]
    public void An_invalid_retention_is_refused_and_the_default_counts(string value)
    {
        var configuration = Settings.Read(Own, $"Healthz__History__RetentionDays={value}");

        Assert.Equal(
            $"Healthz__History__RetentionDays is \"{value}\"; expected a number of days from 1 to 3650, such as 90",
            $"{Assert.Single(configuration.Problems)}");
        Assert.Equal(90, configuration.Options.History?.RetentionDays);
    }

    [Fact]
    public void All_problems_are_listed_at_once()
    {
        string[] settings =
        [
            "Healthz__Schedule=hourly", "Healthz__Slo=100", "Healthz__Maintenance__0=never",
            "Healthz__Maintenance__1=", "Healthz__History__RetentionDays=0",
            "Healthz__History__Container=-", "Healthz__History__ConnectionString=nonsense", "Healthz__History__Nope=1",
        ];

        Assert.Equal(
            settings.Select(setting => setting.Split('=')[0]).Order(),
            Settings.Read(settings).Problems.Select(problem => problem.Setting).Order());
    }

    [Theory]
    [InlineData("Healthz__Maintenance__0=", "Healthz__Maintenance__0", "is empty")]
    [InlineData("Healthz__Maintenance__0__Start=2026-12-01T22:00:00Z", "Healthz__Maintenance__0", "has settings below it")]
    [InlineData("Healthz__Slo__Percent=99", "Healthz__Slo", "has settings below it")]
    [InlineData("Healthz__Schedule__0=0 * * * * *", "Healthz__Schedule", "has settings below it")]
    [InlineData("HEALTHZ_SCHEDULE__0=0 * * * * *", "HEALTHZ_SCHEDULE", "has settings below it")]
    public void Settings_on_another_level_are_refused(string setting, string name, string problem)
    {
        var found = Settings.ReadProblem(setting);

        Assert.Equal((name, problem), (found.Setting, found.Problem));
    }
}
