using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Tests.Migrations;

public sealed class KnownReleasesTests
{
    [Fact]
    public void All_109_releases_are_known_from_oldest_to_newest()
    {
        var versions = KnownReleases.All.Select(release => release.Version).ToList();

        Assert.Equal(109, versions.Distinct().Count());
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(new Version(5, 0, 0), versions[0]);
        Assert.Equal(new Version(12, 7, 0), versions[^1]);
    }

    [Fact]
    public void Release_9_3_3_expects_the_output_of_its_own_showmigrations()
    {
        var printed = RecordedPlan.Behind.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Migration.Parse(line[5..]));

        Assert.Equal(printed.ToHashSet(), KnownReleases.Find("9.3.3")!.Migrations.ToHashSet());
    }

    [Fact]
    public void Every_release_expects_the_migrations_of_its_packages_and_each_migration_once()
    {
        Assert.All(KnownReleases.All, release =>
        {
            Assert.Superset(
                Applied.Of("contenttypes.0001_initial", "contenttypes.0002_remove_content_type_name", "localized_fields.0001_initial"),
                release.Migrations.ToHashSet());
            Assert.Distinct(release.Migrations);
        });
    }

    [Theory]
    [InlineData("5.0.0", 46)]
    [InlineData("7.2.1", 68)]
    [InlineData("9.3.3", 88)]
    [InlineData("12.7.0", 97)]
    public void A_release_expects_as_many_migrations_as_its_tag_has(string version, int count) =>
        Assert.Equal(count, KnownReleases.Find(version)!.Migrations.Count);

    [Theory]
    [InlineData("9.3.3")]
    [InlineData("v9.3.3")]
    [InlineData(" V9.3.3 ")]
    public void A_release_is_found_by_its_version_with_or_without_v(string version) =>
        Assert.Equal(new Version(9, 3, 3), KnownReleases.Find(version)?.Version);

    [Theory]
    [InlineData("")]
    [InlineData("9.3")]
    [InlineData("9.3.4")]
    [InlineData("9.3.3-beta.1")]
    public void An_unknown_version_is_not_found(string version) => Assert.Null(KnownReleases.Find(version));

    [Theory]
    [InlineData("9.3.4", "9.3.3", "10.0.0", "9.3.2")]
    [InlineData("9.4", "9.3.3", "10.0.0", "9.3.2")]
    [InlineData("8", "8.0.0", "9.0.0", "7.15.2")]
    [InlineData("v9.3.3-rc1", "9.3.3", "10.0.0", "9.3.2")]
    [InlineData("13.0.0", "12.7.0", "12.6.1", "12.6.0")]
    [InlineData("99999999999.0.0", "12.7.0", "12.6.1", "12.6.0")]
    [InlineData("4.9.9", "5.0.0", "5.1.0", "5.2.0")]
    [InlineData("latest", "12.7.0", "12.6.1", "12.6.0")]
    [InlineData("", "12.7.0", "12.6.1", "12.6.0")]
    [InlineData("93.3", "9.3.3", "12.7.0", "12.6.1")]
    [InlineData("7,15,1", "7.15.1", "7.15.2", "7.15.0")]
    public void The_versions_nearest_to_an_unknown_one_are_named(string unknown, params string[] nearest) =>
        Assert.Equal(nearest, KnownReleases.Nearest(unknown));

    [Fact]
    public void A_step_may_drop_migrations_and_bring_them_back()
    {
        var releases = KnownReleases.Parse(
            """
            # A comment.

            1.0.0 1.1.0
            + app.1
            + app.2

            2.0.0
            - app.1
            + app.3

            3.0.0
            + app.1
            """);

        Assert.Equal(["1.0.0", "1.1.0", "2.0.0", "3.0.0"], releases.Select(release => release.Version.ToString()));
        Assert.Equal(Applied.Of("app.1", "app.2"), releases[1].Migrations.ToHashSet());
        Assert.Equal(Applied.Of("app.2", "app.3"), releases[2].Migrations.ToHashSet());
        Assert.Equal(Applied.Of("app.1", "app.2", "app.3"), releases[3].Migrations.ToHashSet());
    }

    [Theory]
    [InlineData("1.0.0\n* app.1")]
    [InlineData("1.0.0\n+ app.1 app.2")]
    [InlineData("1.0.0\n+ app")]
    public void An_invalid_line_is_refused(string text) => Assert.Throws<FormatException>(() => KnownReleases.Parse(text));
}
