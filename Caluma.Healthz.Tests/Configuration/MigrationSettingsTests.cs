using Caluma.Healthz.Configuration;
using Caluma.Healthz.Migrations;
using Caluma.Healthz.Tests.Migrations;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class MigrationSettingsTests : IDisposable
{
    private const string Version = "Healthz__Migrations__CalumaVersion";
    private const string PlanFile = "Healthz__Migrations__PlanFile";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData]
    [InlineData($"{Version}=auto")]
    public void Auto_accepts_any_release(params string[] settings)
    {
        var migrations = Settings.ReadOptions(settings).Migrations;

        Assert.Equal("9.3.3", migrations.Compare(Applied.At("9.3.3")).Release);
        Assert.True(migrations.Compare(Applied.At("5.0.0")).Ok);
    }

    [Theory]
    [InlineData("9.3.3")]
    [InlineData("v9.3.3")]
    public void A_version_accepts_only_its_own_migrations(string version)
    {
        var migrations = Settings.ReadOptions($"{Version}={version}").Migrations;

        Assert.True(migrations.Compare(Applied.At("9.3.3")).Ok);
        Assert.Equal(Reason.Behind, migrations.Compare(Applied.At("5.0.0")).Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Auto")]
    [InlineData("AUTO")]
    public void Auto_may_be_written_in_any_case_or_left_out(string version) =>
        Assert.Same(NewestCompleteRelease.Auto, Settings.ReadOptions($"{Version}={version}").Migrations);

    [Theory]
    [InlineData("9.3.4", "9.3.3, ")]
    [InlineData("933", "9.3.3, ")]
    [InlineData("latest", "12.7.0, ")]
    public void An_unknown_version_is_answered_with_the_nearest_known_ones(string version, string nearest)
    {
        var problem = Settings.ReadProblem($"{Version}={version}");

        Assert.Equal((Version, $"is \"{version}\", which is not a known Caluma release"), (problem.Setting, problem.Problem));
        Assert.StartsWith($"auto, or a release such as {nearest}", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_file_wins_over_a_version()
    {
        await File.WriteAllTextAsync(_file, "[X]  app.0001_initial\n", TestContext.Current.CancellationToken);

        var configuration = Settings.Read($"{Version}=9.3.3", $"{PlanFile}={_file}");

        Assert.Empty(configuration.Problems);
        Assert.True(configuration.Options.Migrations.Compare(Applied.Of("app.0001_initial")).Ok);
        Assert.Contains(new ConfigurationValue("migrations", $"plan in {_file}", PlanFile), configuration.Values);
    }

    [Fact]
    public void A_wrong_version_is_a_problem_even_with_a_plan_file()
    {
        File.WriteAllText(_file, "[X]  app.0001_initial\n");

        Assert.Equal(Version, Settings.ReadProblem($"{Version}=1.2.3", $"{PlanFile}={_file}").Setting);
    }

    [Fact]
    public void An_invalid_line_is_reported_by_its_number_and_not_shown()
    {
        File.WriteAllText(_file, "[X]  app.0001_initial\npassword: secret\n");

        Assert.Equal(
            $"{PlanFile} names {_file}, which cannot be used (Line 2 of the plan is not of the form \"[X]  app.name\", as manage.py "
            + "showmigrations --plan prints it); expected a file with the output of manage.py showmigrations --plan",
            $"{Settings.ReadProblem($"{PlanFile}={_file}")}");
    }

    [Theory]
    [InlineData("/nonexistent/plan")]
    [InlineData("/")]
    [InlineData("/dev/zero")]
    public void A_file_that_cannot_be_read_is_refused(string path)
    {
        var problem = Settings.ReadProblem($"{PlanFile}={path}");

        Assert.Equal(PlanFile, problem.Setting);
        Assert.StartsWith($"names {path}, which cannot be used (", problem.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", "default")]
    [InlineData("auto", Version, $"{Version}=auto")]
    [InlineData("9.3.3", Version, $"{Version}=9.3.3")]
    [InlineData("auto (the default counts; \"9.3.4\" is rejected)", Version, $"{Version}=9.3.4")]
    [InlineData("auto (the default counts; \"plan in /nowhere\" is rejected)", PlanFile, $"{PlanFile}=/nowhere")]
    [InlineData(
        "9.3.3 (the default counts; \"plan in /nowhere\" is rejected)", PlanFile, $"{Version}=9.3.3", $"{PlanFile}=/nowhere")]
    [InlineData(
        "auto (the default counts; \"plan in /nowhere\" is rejected)", PlanFile, $"{Version}=9.3.4", $"{PlanFile}=/nowhere")]
    public void What_is_expected_is_shown_and_what_was_rejected(string shown, string source, params string[] settings) =>
        Assert.Contains(new ConfigurationValue("migrations", shown, source), Settings.Read(settings).Values);

    [Fact]
    public void An_empty_file_is_refused_and_an_empty_name_counts_as_unset()
    {
        Assert.Contains("(The plan lists no migration)", Settings.ReadProblem($"{PlanFile}={_file}").Problem, StringComparison.Ordinal);
        Settings.ReadOptions($"{PlanFile}=");
    }
}
