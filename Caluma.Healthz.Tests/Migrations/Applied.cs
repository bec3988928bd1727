using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Tests.Migrations;

/// <summary>Rows of <c>django_migrations</c>.</summary>
internal static class Applied
{
    public static HashSet<Migration> Nothing => [];

    public static HashSet<Migration> At(string version) => [.. KnownReleases.Find(version)!.Migrations];

    public static HashSet<Migration> Of(params IEnumerable<string> migrations) => [.. migrations.Select(Migration.Parse)];

    public static HashSet<Migration> With(this IEnumerable<Migration> applied, params IEnumerable<string> migrations) =>
        [.. applied, .. migrations.Select(Migration.Parse)];

    public static HashSet<Migration> Without(this IEnumerable<Migration> applied, params IEnumerable<string> migrations) =>
        [.. applied.Except(migrations.Select(Migration.Parse))];
}
