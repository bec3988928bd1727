namespace Caluma.Healthz.Migrations;

/// <summary>Whether a database has the migrations that are expected of it.</summary>
/// <param name="Reason">Why the check fails; null where it passes.</param>
/// <param name="Release"> The expected Caluma release; null for a plan file. Among releases with the same migrations <c>auto</c> picks the
/// newest.
/// </param>
/// <param name="Unapplied">The expected migrations that the database lacks.</param>
internal sealed record MigrationVerdict(Reason? Reason, string? Release, IReadOnlyList<Migration> Unapplied)
{
    /// <value>Whether the check passes.</value>
    public bool Ok => Reason is null;

    internal static MigrationVerdict Of(string? release, IEnumerable<Migration> unapplied) =>
        unapplied.ToList() is { Count: > 0 } missing ? new(Healthz.Reason.Behind, release, missing) : new(null, release, []);
}
