namespace Caluma.Healthz.Migrations;

/// <summary>The default, for settings with neither a release nor a plan.</summary>
internal static class MigrationExpectation
{
    public static IMigrationExpectation Auto { get; } = new NewestCompleteRelease(KnownReleases.All);
}
