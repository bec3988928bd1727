using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Tests.Migrations;

public sealed class NewestCompleteReleaseTests
{
    private static readonly NewestCompleteRelease _auto = NewestCompleteRelease.Auto;

    // The newest of each group of releases with the same migrations, oldest first.
    private static readonly Release[] _steps = [.. KnownReleases.All.GroupBy(release => release.Migrations).Select(group => group.Last())];

    public static TheoryData<string> Versions => ReleaseTests.Versions;

    public static TheoryData<string> ExpectedBy933 => ReleaseTests.Expected;

    public static TheoryData<string, string> Upgrades =>
        [.. _steps.Zip(_steps.Skip(1), (from, to) => (from.Version.ToString(), to.Version.ToString()))];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_database_at_any_release_passes_as_the_newest_with_the_same_migrations(string version)
    {
        var verdict = _auto.Compare(Applied.At(version));

        Assert.True(verdict.Ok);
        Assert.Equal(_steps.Single(step => step.Migrations == KnownReleases.Find(version)!.Migrations).Version.ToString(), verdict.Release);
        Assert.Empty(verdict.Unapplied);
    }

    [Theory]
    [MemberData(nameof(Upgrades))]
    public void An_upgrade_that_stopped_at_any_point_is_partial(string from, string to)
    {
        var before = KnownReleases.Find(from)!.Migrations;
        var added = KnownReleases.Find(to)!.Migrations.Except(before).ToArray();
        // Every subset of them: at most 2^12, for 9.3.3.
        for (var some = 1; some < (1 << added.Length) - 1; some++)
        {
            var done = added.Where((_, index) => (some & (1 << index)) != 0).ToArray();

            var verdict = _auto.Compare(before.Concat(done).ToHashSet());
            if (LacksOnlyWholeApps(before.Concat(done), added.Except(done)))
            {
                Assert.True(verdict.Ok);
                continue;
            }

            Assert.Equal(Reason.Partial, verdict.Reason);
            Assert.Equal(to, verdict.Release);
            Assert.Equal(added.Except(done), verdict.Unapplied);
        }
    }

    [Theory]
    [MemberData(nameof(Upgrades))]
    public void A_database_without_the_newest_migration_of_a_step_passes_only_if_the_step_has_no_other(string from, string to)
    {
        var before = KnownReleases.Find(from)!.Migrations;
        var after = KnownReleases.Find(to)!.Migrations;
        var last = after.Except(before).Last();

        var verdict = _auto.Compare(after.Where(migration => migration != last).ToHashSet());
        if (LacksOnlyWholeApps(after.Where(migration => migration != last), [last]))
        {
            Assert.True(verdict.Ok);
            return;
        }

        Assert.Equal(after.Count - before.Count == 1 ? (true, from) : (false, to), (verdict.Ok, verdict.Release));
    }

    [Theory]
    [MemberData(nameof(ExpectedBy933))]
    public void A_database_at_9_3_3_without_any_one_migration_does_not_pass(string missing)
    {
        var verdict = _auto.Compare(Applied.At("9.3.3").Without(missing));
        if (Migration.Parse(missing).App is "caluma_logging")
        {
            // The only migration of its app: the app then counts as never installed.
            Assert.Equal((true, "9.3.3"), (verdict.Ok, verdict.Release));
            return;
        }

        Assert.Equal(Applied.At("5.0.0").Contains(Migration.Parse(missing)) ? Reason.Behind : Reason.Partial, verdict.Reason);
        Assert.Equal("9.3.3", verdict.Release);
        Assert.Equal([Migration.Parse(missing)], verdict.Unapplied);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_deployment_without_one_of_Calumas_optional_apps_passes_at_any_release(string version)
    {
        foreach (var apps in new string[][] { ["caluma_logging"], ["caluma_analytics"], ["caluma_logging", "caluma_analytics"] })
        {
            var applied = Applied.At(version).Where(migration => !apps.Contains(migration.App)).ToHashSet();
            var verdict = _auto.Compare(applied);

            Assert.True(verdict.Ok);
            Assert.True(System.Version.Parse(verdict.Release!) >= System.Version.Parse(version));
            Assert.Empty(KnownReleases.Find(verdict.Release!)!.Without(apps).Unapplied(applied));
        }
    }

    [Fact]
    public void A_partial_upgrade_without_the_access_log_lacks_only_migrations_of_installed_apps()
    {
        var applied = Applied.At("9.3.3").Where(migration => migration.App is not "caluma_logging");

        var newer = KnownReleases.Find("10.0.0")!.Migrations.Except(Applied.At("9.3.3")).First();
        var verdict = _auto.Compare(applied.Append(newer).ToHashSet());

        Assert.Equal((Reason.Partial, "10.1.1"), (verdict.Reason, verdict.Release));
        Assert.Equal(["caluma_workflow"], verdict.Unapplied.Select(migration => migration.App));
    }

    [Theory]
    [InlineData("caluma_form")]
    [InlineData("caluma_workflow")]
    [InlineData("contenttypes")]
    [InlineData("localized_fields")]
    public void A_mandatory_app_is_missed(string app) =>
        Assert.False(_auto.Compare(Applied.At("9.3.3").Where(migration => migration.App != app).ToHashSet()).Ok);

    [Fact]
    public void A_database_without_any_migration_is_behind_the_release_that_expects_the_least()
    {
        var verdict = _auto.Compare(Applied.Nothing);

        Assert.Equal(Reason.Behind, verdict.Reason);
        Assert.Equal("5.1.0", verdict.Release);
        Assert.Equal(KnownReleases.All[0].Migrations, verdict.Unapplied);
    }

    private static bool LacksOnlyWholeApps(IEnumerable<Migration> applied, IEnumerable<Migration> lacking) => lacking.All(missing =>
        missing.App is "caluma_logging" or "caluma_analytics" && !applied.Any(migration => migration.App == missing.App));

    [Fact]
    public void A_fresh_installation_that_stopped_half_way_is_behind_the_release_it_was_going_to()
    {
        // Django migrates app by app, so an installation of 12.7.0 that stops in caluma_form has all of caluma_analytics.
        var verdict = _auto.Compare(Applied.At("12.7.0").Where(migration => migration.App is "caluma_analytics").ToHashSet());

        Assert.Equal(Reason.Behind, verdict.Reason);
        Assert.Equal("12.7.0", verdict.Release);
    }

    [Fact]
    public void A_partial_upgrade_over_several_releases_is_held_against_the_first_with_all_begun_migrations()
    {
        var verdict = _auto.Compare(Applied.At("9.3.3").With("caluma_analytics.0007_add_analytics_description_field"));

        Assert.Equal(Reason.Partial, verdict.Reason);
        Assert.Equal("10.2.0", verdict.Release);
        Assert.Equal(["caluma_form", "caluma_workflow"], verdict.Unapplied.Select(migration => migration.App));
    }

    [Fact]
    public void Unknown_migrations_are_ignored()
    {
        var verdict = _auto.Compare(Applied.At("12.7.0").With("caluma_form.0050_of_the_next_release", "own_app.0001_initial"));

        Assert.True(verdict.Ok);
        Assert.Equal("12.7.0", verdict.Release);
    }

    [Theory]
    [InlineData("app.1 app.2", "1.1.0")]
    [InlineData("app.1 app.2 app.fix", "1.1.1")]
    [InlineData("app.1 app.3", "2.0.0")]
    [InlineData("app.1 app.2 app.3", "2.0.0")]
    [InlineData("app.1 app.2 app.3 app.fix", "2.0.0")]
    [InlineData("app.1 app.3 app.fix app.4", "2.1.0")]
    public void A_migration_of_an_older_branch_is_no_begun_upgrade(string applied, string release)
    {
        // 1.1.1 is a patch of the old major version; its fix is in the new one from 2.1.0 on. 2.0.0 dropped app.2.
        var auto = new NewestCompleteRelease(KnownReleases.Parse(
            """
            1.0.0
            + app.1

            1.1.0
            + app.2

            1.1.1
            + app.fix

            2.0.0
            - app.2
            - app.fix
            + app.3

            2.1.0
            + app.fix
            + app.4
            """));

        var verdict = auto.Compare(Applied.Of(applied.Split(' ')));

        Assert.True(verdict.Ok);
        Assert.Equal(release, verdict.Release);
    }

    [Theory]
    [InlineData("app.1", "1.0.0")]
    [InlineData("app.1 app.2", "1.2.0")]
    [InlineData("app.1 app.2 app.1_squashed_2", "2.0.0")]
    [InlineData("app.1_squashed_2", "2.0.0")]
    public void A_database_passes_at_each_step_of_squashing(string applied, string release)
    {
        var auto = new NewestCompleteRelease(KnownReleases.Parse(
            """
            1.0.0
            + app.1

            1.1.0
            + app.2

            1.2.0
            - app.1
            - app.2
            + app.1_squashed_2 < app.1 app.2

            2.0.0
            - app.1_squashed_2
            + app.1_squashed_2
            """));

        var verdict = auto.Compare(Applied.Of(applied.Split(' ')));

        Assert.True(verdict.Ok);
        Assert.Equal(release, verdict.Release);
    }

    [Fact]
    public void Of_releases_with_the_same_migrations_it_is_the_newest()
    {
        var auto = new NewestCompleteRelease(KnownReleases.Parse(
            """
            1.0.0 1.0.1 1.0.2
            + app.1

            1.1.0
            + app.2
            """));

        Assert.Equal("1.0.2", auto.Compare(Applied.Of("app.1")).Release);
    }

    [Fact]
    public void An_upgrade_of_the_first_release_does_not_lack_an_app_that_was_left_out_of_it()
    {
        var auto = new NewestCompleteRelease(KnownReleases.Parse(
            """
            1.0.0
            + app.1
            + caluma_logging.1

            1.1.0
            + app.2
            + app.3
            """));

        var verdict = auto.Compare(Applied.Of("app.1", "app.2"));

        Assert.Equal((Reason.Partial, "1.1.0"), (verdict.Reason, verdict.Release));
        Assert.Equal([Migration.Parse("app.3")], verdict.Unapplied);
    }

    [Theory]
    [InlineData("caluma_form", true)]
    [InlineData("contenttypes", true)]
    [InlineData("caluma_logging", false)]
    [InlineData("caluma_analytics", false)]
    public void Only_apps_that_can_be_left_out_are_not_expected(string app, bool isExpected) =>
        Assert.Equal(isExpected, _auto.Expects(app));
}
