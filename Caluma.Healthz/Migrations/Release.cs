namespace Caluma.Healthz.Migrations;

/// <summary>A Caluma release and its migrations, including those of Django and other packages.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Migrations">Its migrations, without those that its squashed migrations replace.</param>
/// <param name="Replaces">The replaced migrations of each squashed one.</param>
internal sealed record Release(
    Version Version,
    IReadOnlyList<Migration> Migrations,
    IReadOnlyDictionary<Migration, IReadOnlyList<Migration>> Replaces) : IMigrationExpectation
{
    /// <value>The apps that have migrations.</value>
    public IEnumerable<string> Apps => Migrations.Select(migration => migration.App).Distinct();

    public bool Expects(string app) => Apps.Contains(app);

    /// <summary>The expectation where some apps are not installed.</summary>
    public Release Without(IEnumerable<string> apps)
    {
        var left = apps.ToHashSet();
        return this with { Migrations = [.. Migrations.Where(migration => !left.Contains(migration.App))] };
    }

    public MigrationVerdict Compare(IReadOnlySet<Migration> applied) => MigrationVerdict.Of(Version.ToString(), Unapplied(applied));

    /// <summary>The migrations that Django's <c>migrate</c> would apply.</summary>
    public IEnumerable<Migration> Unapplied(IReadOnlySet<Migration> applied)
    {
        foreach (var migration in Migrations)
        {
            // As build_graph in https://github.com/django/django/blob/4.2/django/db/migrations/loader.py: where some of the replaced
            // migrations are applied, the others are unapplied; where none is, the squashed migration is unapplied, even if its own row is
            // there.
            var replaced = Replaces.GetValueOrDefault(migration, []);
            if (replaced.Any(applied.Contains))
            {
                foreach (var rest in replaced.Where(each => !applied.Contains(each)))
                {
                    yield return rest;
                }
            }
            else if (replaced is not [] || !applied.Contains(migration))
            {
                yield return migration;
            }
        }
    }
}
