namespace Caluma.Healthz.Migrations;

/// <summary>What must be applied in a database: a release's migrations, a plan's, or those of the release it turns out to be at.</summary>
internal interface IMigrationExpectation
{
    /// <summary>Judges a database by its rows of <c>django_migrations</c>; rows beyond what is expected do no harm.</summary>
    MigrationVerdict Judge(IReadOnlySet<Migration> applied);

    /// <summary>Whether a database must have this app, or only may.</summary>
    bool Expects(string app);
}
