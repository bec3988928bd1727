namespace Caluma.Healthz.Migrations;

/// <summary>What is expected where neither a release nor a plan is configured.</summary>
internal static class MigrationExpectation
{
    public static IMigrationExpectation Auto { get; } = new NewestCompleteRelease(KnownReleases.All);
}
