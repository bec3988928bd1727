namespace Caluma.Healthz.Migrations;

/// <summary>
/// Expects the newest release all of whose migrations are applied, and no upgrade beyond it that has stopped half-way. Apps of Caluma that
/// were never installed do not count, for applications that use Caluma as a library.
/// </summary>
/// <param name="releases">The releases, oldest first.</param>
internal sealed class NewestCompleteRelease(IEnumerable<Release> releases) : IMigrationExpectation
{
    /// <summary>
    /// The apps that an application may leave out of <c>INSTALLED_APPS</c>, because no other app of Caluma depends on them. Django applies
    /// the apps one after the other, so an app without any applied migration beside complete ones was not interrupted.
    /// </summary>
    private static readonly string[] _optionalApps = ["caluma_analytics", "caluma_logging"];

    // The newest of the releases that share one list of migrations: 24 for the 109 releases.
    private readonly Release[] _releases = [.. releases.GroupBy(release => release.Migrations).Select(sharing => sharing.Last())];

    /// <summary>The default, for settings with neither a release nor a plan.</summary>
    public static NewestCompleteRelease Auto { get; } = new(KnownReleases.All);

    public MigrationVerdict Compare(IReadOnlySet<Migration> applied)
    {
        string[] absent = [.. _optionalApps.Except(applied.Select(migration => migration.App))];
        Release[] installed = absent is [] ? _releases : [.. _releases.Select(release => release.Without(absent))];
        var complete = Array.FindLastIndex(installed, release => !release.Unapplied(applied).Any());
        var upToComplete = installed[..(complete + 1)];
        var newer = installed[(complete + 1)..];

        // An upgrade is recognised only by migrations that no release up to the complete one has: an older release may have had a migration
        // that the complete one dropped and a newer one brings back. So a database at a release always passes.
        var ahead = applied.Except(upToComplete.SelectMany(release => release.Migrations)).ToHashSet();

        // The first release with the most of the newer migrations: the upgrade went at least there, and lacks the fewest.
        var begun = newer.MaxBy(release => release.Migrations.Count(ahead.Contains));
        if (upToComplete is [.., var newest] && begun?.Migrations.Any(ahead.Contains) is not true)
        {
            return MigrationVerdict.Of(newest.Version.ToString(), []);
        }

        // The upgrade may have stopped before an app that is new in it.
        var had = complete < 0 ? [] : _releases[complete].Apps;
        var lacks = _releases[complete + 1 + Array.IndexOf(newer, begun)].Without(absent.Intersect(had));
        return new(complete < 0 ? Reason.Behind : Reason.Partial, begun!.Version.ToString(), [.. lacks.Unapplied(applied)]);
    }

    /// <remarks>Apps that are not installed are not expected, in any release.</remarks>
    public bool Expects(string app) => !_optionalApps.Contains(app);
}
