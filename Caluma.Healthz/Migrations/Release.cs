namespace Caluma.Healthz.Migrations;

/// <summary>A Caluma release and the migrations that it expects, those of Django and other packages included.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Migrations">What it expects, except what its squashed migrations replace.</param>
/// <param name="Replaces">For each of its squashed migrations what it replaces.</param>
internal sealed record Release(
    Version Version,
    IReadOnlyList<Migration> Migrations,
    IReadOnlyDictionary<Migration, IReadOnlyList<Migration>> Replaces) : IMigrationExpectation
{
    /// <value>The apps that have them.</value>
    public IEnumerable<string> Apps => Migrations.Select(migration => migration.App).Distinct();

    public bool Expects(string app) => Apps.Contains(app);

    /// <summary>What the release expects where some of its apps are not installed.</summary>
    public Release Without(IEnumerable<string> apps) =>
        this with { Migrations = [.. Migrations.Where(migration => !apps.Contains(migration.App))] };

    public MigrationVerdict Judge(IReadOnlySet<Migration> applied) => MigrationVerdict.Of(Version.ToString(), Unapplied(applied));

    /// <summary>What Django would apply on <c>migrate</c>.</summary>
    public IEnumerable<Migration> Unapplied(IReadOnlySet<Migration> applied)
    {
        foreach (var migration in Migrations)
        {
            // As build_graph in https://github.com/django/django/blob/4.2/django/db/migrations/loader.py: where anything that a
            // squashed migration replaces is applied, the rest of it is what counts; where nothing is, the squashed migration
            // is unapplied, even if its own row is there.
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
