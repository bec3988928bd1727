namespace Caluma.Healthz.Migrations;

/// <summary>
/// Expects the newest release all of whose migrations are applied, and that no upgrade beyond it has stopped half-way.
/// </summary>
/// <param name="releases">The releases, oldest first.</param>
internal sealed class NewestCompleteRelease(IEnumerable<Release> releases) : IMigrationExpectation
{
    // The newest of each that share one list of migrations: 24 for the 109 releases.
    private readonly Release[] _releases = [.. releases.GroupBy(release => release.Migrations).Select(sharing => sharing.Last())];

    public MigrationVerdict Judge(IReadOnlySet<Migration> applied)
    {
        var complete = Array.FindLastIndex(_releases, release => !release.Unapplied(applied).Any());
        var upToComplete = _releases[..(complete + 1)];
        var newer = _releases[(complete + 1)..];

        // Only what no release up to the complete one has can show that an upgrade beyond it was begun: one of those may
        // have had what the complete one dropped and a newer one brings back. So a database at a release always passes.
        var ahead = applied.Except(upToComplete.SelectMany(release => release.Migrations)).ToHashSet();

        // The first that has all that is ahead, or the most of it: the upgrade went at least there, and lacks the least.
        var begun = newer.MaxBy(release => release.Migrations.Count(ahead.Contains));
        if (upToComplete is [.., var newest] && begun?.Migrations.Any(ahead.Contains) is not true)
        {
            return MigrationVerdict.Of(newest.Version.ToString(), []);
        }

        return new(complete < 0 ? Reason.Behind : Reason.Partial, begun!.Version.ToString(), [.. begun.Unapplied(applied)]);
    }
}
