using System.Globalization;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class HistorySettingsTests
{
    private const string ConnectionString = "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=c2VjcmV0";
    private const string Own = $"Healthz__History__ConnectionString={ConnectionString}";
    private const string Host = "AzureWebJobsStorage=DefaultEndpointsProtocol=https;AccountName=host;AccountKey=c2VjcmV0";

    [Fact]
    public void What_is_not_set_has_its_default()
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
    public void The_schedule_is_taken_as_it_is(string setting, string expression)
    {
        var configuration = Settings.Read($"{setting}={expression}");

        Assert.Empty(configuration.Problems);
        Assert.Equal(expression, configuration.Options.Schedule.Expression);
        Assert.Contains(new("Schedule", expression, setting), configuration.Values);
    }

    [Fact]
    public void The_same_schedule_under_both_names_is_one()
    {
        var configuration = Settings.Read("HEALTHZ_SCHEDULE=0 */5 * * * *", "Healthz__Schedule=0 */5 * * * *");

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("Schedule", "0 */5 * * * *", "HEALTHZ_SCHEDULE"), configuration.Values);
    }

    [Theory]
    [InlineData("0 */5 * * * *", "0 * * * * *")]
    [InlineData("", "0 * * * * *")]
    [InlineData("0 * * * * *", "")]
    public void Two_schedules_are_one_too_many(string flat, string nested)
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
    public void Another_schedule_is_refused_and_changes_nothing(string setting, string expression, string shown, string problem)
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
    public void The_objective_is_a_number_of_percent(string value, double slo)
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
    public void Another_objective_is_refused_and_changes_nothing(string value)
    {
        var configuration = Settings.Read($"Healthz__Slo={value}");

        Assert.Equal(
            $"Healthz__Slo is \"{value}\"; expected an objective in percent from 50 to 99.999, such as 99.5",
            $"{Assert.Single(configuration.Problems)}");
        Assert.Equal(99.5, configuration.Options.Slo);
    }

    [Fact]
    public void It_has_a_point_wherever_the_probe_runs()
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
    [InlineData(Own, "https://account.blob.core.windows.net/ container healthz", "Healthz__History__ConnectionString")]
    [InlineData(
        "Healthz__History__ServiceUri=https://account.blob.core.windows.net",
        "https://account.blob.core.windows.net/ container healthz with the identity of the process",
        "Healthz__History__ServiceUri")]
    [InlineData(Host, "https://host.blob.core.windows.net/ container healthz", "AzureWebJobsStorage")]
    [InlineData(
        "AzureWebJobsStorage__blobServiceUri=https://host.blob.core.windows.net",
        "https://host.blob.core.windows.net/ container healthz with the identity of the process",
        "AzureWebJobsStorage__blobServiceUri")]
    public void Runs_are_recorded_where_a_storage_is_named(string setting, string shown, string source)
    {
        var configuration = Settings.Read(setting);

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("history", shown, source), configuration.Values);
        Assert.Contains(new("RetentionDays", "90", "default"), configuration.Values);
        var history = Assert.IsType<HistoryOptions>(configuration.Options.History);
        Assert.Equal(("healthz", 90), (history.Storage!.Container, history.RetentionDays));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/missing/below")]
    public void A_folder_takes_the_place_of_a_container(string below)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetTempPath()) + below;

        var configuration = Settings.Read($"Healthz__History__Folder={folder}", Host);

        Assert.Empty(configuration.Problems);
        Assert.Equal((folder, null), (configuration.Options.History!.Folder, configuration.Options.History.Storage));
        Assert.Contains(new("history", $"folder {folder}", "Healthz__History__Folder"), configuration.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("history")]
    [InlineData("./history")]
    [InlineData("~/history")]
    public void A_folder_has_an_absolute_path(string path) =>
        Assert.Equal(
            $"Healthz__History__Folder is \"{path}\"; expected the absolute path of a folder, such as /var/lib/caluma-healthz",
            $"{Settings.ReadProblem($"Healthz__History__Folder={path}")}");

    [Theory]
    [InlineData("ConnectionString", ConnectionString)]
    [InlineData("ServiceUri", "https://account.blob.core.windows.net")]
    [InlineData("Container", "records")]
    public void A_history_is_in_a_folder_or_in_a_container(string setting, string value) =>
        Assert.Equal(
            $"Healthz__History__Folder is set, and so is Healthz__History__{setting}; expected one of the two: a history is in a folder or "
                + "in a container",
            $"{Settings.ReadProblem("Healthz__History__Folder=/data", $"Healthz__History__{setting}={value}")}");

    [Fact]
    public void A_file_is_no_folder_and_a_link_must_lead_to_one()
    {
        var parent = Directory.CreateTempSubdirectory("healthz-settings-");
        var (file, link, good) = (
            Path.Combine(parent.FullName, "file"), Path.Combine(parent.FullName, "link"), Path.Combine(parent.FullName, "good"));
        File.WriteAllText(file, "");
        File.CreateSymbolicLink(link, Path.Combine(parent.FullName, "nowhere"));
        File.CreateSymbolicLink(good, parent.FullName);

        Assert.Equal(
            $"Healthz__History__Folder is {file}, which is a file; expected a folder, or a path where one can be created",
            $"{Settings.ReadProblem($"Healthz__History__Folder={file}")}");
        Assert.Equal(
            $"Healthz__History__Folder is {link}, a link to {parent.FullName}/nowhere, which is not a folder; expected a folder, or a path "
                + "where one can be created",
            $"{Settings.ReadProblem($"Healthz__History__Folder={link}")}");
        Assert.Equal(good, Settings.ReadOptions($"Healthz__History__Folder={good}").History!.Folder);
        parent.Delete(recursive: true);
    }

    [Fact]
    public void Our_own_storage_wins_over_the_hosts() =>
        Assert.Equal(ConnectionString, Settings.ReadOptions(Host, Own, "AzureWebJobsStorage__blobServiceUri=https://x")
            .History?.Storage?.ConnectionString);

    [Fact]
    public void An_empty_storage_of_the_host_is_none()
    {
        Assert.Null(Settings.ReadOptions("AzureWebJobsStorage=").History);
        Assert.NotNull(
            Settings.ReadOptions("AzureWebJobsStorage=", "AzureWebJobsStorage__blobServiceUri=https://host.blob.core.windows.net").History);
    }

    [Theory]
    [InlineData(Own)]
    [InlineData(Host)]
    public void The_container_can_be_another(string storage) =>
        Assert.Equal("records-1", Settings.ReadOptions(storage, "Healthz__History__Container=records-1").History?.Storage?.Container);

    [Theory]
    [InlineData(Own)]
    [InlineData(Host)]
    public void What_is_no_name_of_a_container_is_refused_once(string storage) =>
        Assert.Equal(
            "Healthz__History__Container is \"Records\"; expected 3 to 63 lower-case letters, digits and single dashes, such as healthz",
            $"{Settings.ReadProblem(storage, "Healthz__History__Container=Records")}");

    [Theory]
    [InlineData(
        "AzureWebJobsStorage=nonsense",
        "AzureWebJobsStorage is not a valid Azure Storage connection string; expected one as the Azure portal shows it, such as "
        + "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…")]
    [InlineData(
        "AzureWebJobsStorage__blobServiceUri=http://host.blob.core.windows.net",
        "AzureWebJobsStorage__blobServiceUri is not the address of a blob service; expected an https address such as "
            + "https://account.blob.core.windows.net")]
    [InlineData(
        "Healthz__History__ConnectionString=",
        "Healthz__History__ConnectionString is not a valid Azure Storage connection string; expected one as the Azure portal shows it, "
            + "such as "
        + "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…")]
    [InlineData(
        "Healthz__History__ServiceUri=account",
        "Healthz__History__ServiceUri is not the address of a blob service; expected an https address such as "
            + "https://account.blob.core.windows.net")]
    [InlineData(
        "Healthz__History__Container=records",
        "Healthz__History__Container is set, and neither Healthz__History__ConnectionString nor Healthz__History__ServiceUri is; expected "
            + "one of the two")]
    [InlineData(
        "Healthz__History__Days=9",
        "Healthz__History__Days is not a known setting; expected one of Healthz__History__ConnectionString, Healthz__History__ServiceUri, "
        + "Healthz__History__Container, Healthz__History__RetentionDays, Healthz__History__Folder")]
    [InlineData("Healthz__History=UseDevelopmentStorage=true",
        "Healthz__History takes no value of its own; expected settings below it, Healthz__History__…")]
    public void What_names_no_storage_is_refused(string setting, string problem)
    {
        var configuration = Settings.Read(setting);

        Assert.Equal(problem, $"{Assert.Single(configuration.Problems)}");
        Assert.Null(configuration.Options.History);
    }

    [Fact]
    public void Two_storages_are_one_too_many() =>
        Assert.Equal(
            "Healthz__History__ServiceUri is set, and so is Healthz__History__ConnectionString; expected one of the two",
            $"{Settings.ReadProblem(Own, "Healthz__History__ServiceUri=https://account.blob.core.windows.net")}");

    [Theory]
    [InlineData("1", 1)]
    [InlineData("90", 90)]
    [InlineData("3650", 3650)]
    public void Records_are_kept_for_as_many_days_as_is_set(string value, int days)
    {
        var configuration = Settings.Read(Own, $"Healthz__History__RetentionDays={value}");

        Assert.Empty(configuration.Problems);
        Assert.Equal(days, configuration.Options.History?.RetentionDays);
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
    public void Another_number_of_days_is_refused_and_changes_nothing(string value)
    {
        var configuration = Settings.Read(Own, $"Healthz__History__RetentionDays={value}");

        Assert.Equal(
            $"Healthz__History__RetentionDays is \"{value}\"; expected a number of days from 1 to 3650, such as 90",
            $"{Assert.Single(configuration.Problems)}");
        Assert.Equal(90, configuration.Options.History?.RetentionDays);
    }

    [Theory]
    [InlineData("2026-12-01T22:00:00Z/2026-12-02T02:00:00Z", "2026-12-01T22:00:00Z/2026-12-02T02:00:00Z")]
    [InlineData("2026-12-01T22:00Z/2026-12-02T02:00Z", "2026-12-01T22:00:00Z/2026-12-02T02:00:00Z")]
    [InlineData("2026-12-01T22:00:00+01:00/2026-12-01T22:00:00-05:30", "2026-12-01T21:00:00Z/2026-12-02T03:30:00Z")]
    [InlineData("2026-12-01T22:00:00Z / 2026-12-01T22:00:01Z", "2026-12-01T22:00:00Z/2026-12-01T22:00:01Z")]
    public void Maintenance_is_an_interval_of_two_times(string value, string shown)
    {
        var configuration = Settings.Read($"Healthz__Maintenance__upgrade={value}");

        Assert.Empty(configuration.Problems);
        Assert.Contains(new("maintenance upgrade", shown, "Healthz__Maintenance__upgrade"), configuration.Values);
        var times = shown.Split('/').Select(time => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal([new MaintenanceWindow(times[0], times[1])], configuration.Options.Maintenance);
    }

    [Fact]
    public void It_begins_with_its_start_and_is_over_at_its_end()
    {
        var window = Assert.Single(Settings.ReadOptions("Healthz__Maintenance__0=2026-12-01T22:00:00Z/2026-12-02T02:00:00Z").Maintenance);

        Assert.False(window.Contains(window.Start.AddTicks(-1)));
        Assert.True(window.Contains(window.Start));
        Assert.True(window.Contains(window.End.AddTicks(-1)));
        Assert.False(window.Contains(window.End));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("/")]
    [InlineData("2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00:00Z/")]
    [InlineData("2026-12-01T22:00:00Z/2026-12-02T02:00:00Z/2026-12-03T02:00:00Z")]
    [InlineData("2026-12-01T22:00:00/2026-12-02T02:00:00")]
    [InlineData("2026-12-01T22:00:00Z/2026-12-02T02:00:00")]
    [InlineData("2026-12-01T22:00/2026-12-02T02:00Z")]
    [InlineData("2026-12-01/2026-12-02")]
    [InlineData("2026-12-01T22:00:00Z/PT4H")]
    [InlineData("2026-12-01 22:00:00Z/2026-12-02 02:00:00Z")]
    [InlineData("2026-13-01T22:00:00Z/2026-13-02T02:00:00Z")]
    [InlineData("2026-12-01T24:00:00Z/2026-12-02T02:00:00Z")]
    [InlineData("01.12.2026 22:00/02.12.2026 02:00")]
    [InlineData("0001-01-01T00:00:00+14:00/2026-12-02T02:00:00Z")]
    public void What_is_no_interval_is_refused(string value)
    {
        var configuration = Settings.Read($"Healthz__Maintenance__0={value}");

        Assert.Equal(
            $"Healthz__Maintenance__0 is \"{value}\", which is not an ISO 8601 interval of two times, each with its offset from UTC; "
            + "expected two times such as 2026-12-01T22:00:00Z/2026-12-02T02:00:00Z",
            $"{Assert.Single(configuration.Problems)}");
        Assert.Empty(configuration.Options.Maintenance);
    }

    [Theory]
    [InlineData("2026-12-02T02:00:00Z/2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00:00Z/2026-12-01T22:00:00Z")]
    [InlineData("2026-12-01T22:00:00Z/2026-12-01T23:00:00+01:00")]
    public void One_that_does_not_end_after_it_starts_is_refused(string value) =>
        Assert.Equal(
            $"Healthz__Maintenance__0 is \"{value}\", which does not end after it starts; expected two times such as "
            + "2026-12-01T22:00:00Z/2026-12-02T02:00:00Z",
            $"{Settings.ReadProblem($"Healthz__Maintenance__0={value}")}");

    [Theory]
    [InlineData("Healthz__Maintenance__0=", "Healthz__Maintenance__0", "is empty")]
    [InlineData("Healthz__Maintenance__0__Start=2026-12-01T22:00:00Z", "Healthz__Maintenance__0", "has settings below it")]
    [InlineData("Healthz__Maintenance=2026-12-01T22:00:00Z/2026-12-02T02:00:00Z", "Healthz__Maintenance", "takes no value of its own")]
    [InlineData("Healthz__Slo__Percent=99", "Healthz__Slo", "has settings below it")]
    [InlineData("Healthz__Schedule__0=0 * * * * *", "Healthz__Schedule", "has settings below it")]
    [InlineData("HEALTHZ_SCHEDULE__0=0 * * * * *", "HEALTHZ_SCHEDULE", "has settings below it")]
    public void Settings_on_another_level_are_refused(string setting, string name, string problem)
    {
        var found = Settings.ReadProblem(setting);

        Assert.Equal((name, problem), (found.Setting, found.Problem));
    }

    [Fact]
    public void There_may_be_any_number_of_them()
    {
        var options = Settings.ReadOptions(
            Enumerable.Range(1, 9).Select(day => $"Healthz__Maintenance__{day}=2026-12-0{day}T22:00Z/2026-12-0{day}T23:00Z"));

        Assert.Equal(Enumerable.Range(1, 9), options.Maintenance.Select(window => window.Start.Day));
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
}
