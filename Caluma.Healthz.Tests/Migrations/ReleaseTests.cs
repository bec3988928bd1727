using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Tests.Migrations;

public sealed class ReleaseTests
{
    private static readonly Release _release933 = KnownReleases.Find("9.3.3")!;

    // As after squashmigrations: both the squashed migration and the replaced ones exist.
    private static readonly Release _squashing = KnownReleases.Parse(
        """
        1.0.0
        + app.1_squashed_3 < app.1 app.2 app.3
        + app.4
        """)[0];

    public static TheoryData<string> Versions => [.. KnownReleases.All.Select(release => release.Version.ToString())];

    public static TheoryData<string> Expected => [.. _release933.Migrations.Select(migration => migration.ToString())];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_complete_database_passes(string version)
    {
        var verdict = KnownReleases.Find(version)!.Compare(Applied.At(version));

        Assert.True(verdict.Ok);
        Assert.Equal(version, verdict.Release);
        Assert.Empty(verdict.Unapplied);
    }

    [Theory]
    [MemberData(nameof(Expected))]
    public void A_database_without_any_one_migration_is_behind(string missing)
    {
        var verdict = _release933.Compare(Applied.At("9.3.3").Without(missing));

        Assert.False(verdict.Ok);
        Assert.Equal(Reason.Behind, verdict.Reason);
        Assert.Equal("9.3.3", verdict.Release);
        Assert.Equal([Migration.Parse(missing)], verdict.Unapplied);
    }

    [Fact]
    public void A_database_without_any_migration_is_behind_by_all_of_them()
    {
        var verdict = _release933.Compare(Applied.Nothing);

        Assert.Equal(Reason.Behind, verdict.Reason);
        Assert.Equal(_release933.Migrations, verdict.Unapplied);
    }

    [Fact]
    public void A_database_beyond_its_release_passes() =>
        Assert.True(_release933.Compare(Applied.At("12.7.0").With("own_app.0001_initial")).Ok);

    [Theory]
    [InlineData("app.1 app.2 app.3 app.4", "")]
    [InlineData("app.1 app.2 app.3 app.1_squashed_3 app.4", "")]
    [InlineData("app.4", "app.1_squashed_3")]
    [InlineData("app.1_squashed_3 app.4", "app.1_squashed_3")]
    [InlineData("app.1 app.4", "app.2 app.3")]
    [InlineData("app.1 app.3 app.1_squashed_3", "app.2 app.4")]
    public void A_squashed_migration_counts_as_applied_if_all_replaced_ones_are(string applied, string unapplied) =>
        Assert.Equal(Applied.Of(Words(unapplied)), _squashing.Compare(Applied.Of(Words(applied))).Unapplied.ToHashSet());

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
