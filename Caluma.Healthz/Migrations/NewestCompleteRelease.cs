namespace Caluma.Healthz.Migrations;

/// <summary>
/// Expects the newest release all of whose migrations are applied, and that no upgrade beyond it has stopped half-way. An app of
/// Caluma's that was never installed, as where another application uses Caluma as a library, is expected of no release.
/// </summary>
/// <param name="releases">The releases, oldest first.</param>
internal sealed class NewestCompleteRelease(IEnumerable<Release> releases) : IMigrationExpectation
{
    /// <summary>
    /// What an application may leave out of its <c>INSTALLED_APPS</c>, for no other app of Caluma's depends on it. Django applies the
    /// apps one after the other, so that one of which nothing is applied, where all others are complete, was not begun and left.
    /// </summary>
    private static readonly string[] _optionalApps = ["caluma_analytics", "caluma_logging"];

    // The newest of each that share one list of migrations: 24 for the 109 releases.
    private readonly Release[] _releases = [.. releases.GroupBy(release => release.Migrations).Select(sharing => sharing.Last())];

    public MigrationVerdict Judge(IReadOnlySet<Migration> applied)
    {
        string[] absent = [.. _optionalApps.Except(applied.Select(migration => migration.App))];
        Release[] installed = absent is [] ? _releases : [.. _releases.Select(release => release.Without(absent))];
        var complete = Array.FindLastIndex(installed, release => !release.Unapplied(applied).Any());
        var upToComplete = installed[..(complete + 1)];
        var newer = installed[(complete + 1)..];

        // Only what no release up to the complete one has can show that an upgrade beyond it was begun: one of those may
        // have had what the complete one dropped and a newer one brings back. So a database at a release always passes.
        var ahead = applied.Except(upToComplete.SelectMany(release => release.Migrations)).ToHashSet();

        // The first that has all that is ahead, or the most of it: the upgrade went at least there, and lacks the least.
        var begun = newer.MaxBy(release => release.Migrations.Count(ahead.Contains));
        if (upToComplete is [.., var newest] && begun?.Migrations.Any(ahead.Contains) is not true)
        {
            return MigrationVerdict.Of(newest.Version.ToString(), []);
        }

        // An app that is new in what was begun may be what it stopped before.
        var had = complete < 0 ? [] : _releases[complete].Apps;
        var lacks = _releases[complete + 1 + Array.IndexOf(newer, begun)].Without(absent.Intersect(had));
        return new(complete < 0 ? Reason.Behind : Reason.Partial, begun!.Version.ToString(), [.. lacks.Unapplied(applied)]);
    }

    /// <remarks>What is not installed is not expected, whichever release it turns out to be.</remarks>
    public bool Expects(string app) => !_optionalApps.Contains(app);
}
