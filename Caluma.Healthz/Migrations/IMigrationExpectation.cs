namespace Caluma.Healthz.Migrations;

/// <summary>The migrations that a database must have: those of a release, of a plan, or of the release that the database is at.</summary>
internal interface IMigrationExpectation
{
    /// <summary>Compares the rows of <c>django_migrations</c> with the expectation. Additional rows do not fail it.</summary>
    MigrationVerdict Compare(IReadOnlySet<Migration> applied);

    /// <summary>Whether a database must have this app.</summary>
    bool Expects(string app);
}
