namespace Caluma.Healthz.Migrations;

/// <summary>Whether a database has the migrations that are expected of it.</summary>
/// <param name="Reason">Why not; null where it has.</param>
/// <param name="Release">
/// The Caluma release that the database was held against, null for a plan file. Of releases with the same migrations,
/// which a database cannot tell apart, <c>auto</c> names the newest.
/// </param>
/// <param name="Unapplied">What that release or plan expects and the database lacks; empty where nothing is wrong.</param>
internal sealed record MigrationVerdict(Reason? Reason, string? Release, IReadOnlyList<Migration> Unapplied)
{
    /// <value>Whether the check passes.</value>
    public bool Ok => Reason is null;

    internal static MigrationVerdict Of(string? release, IEnumerable<Migration> unapplied) =>
        unapplied.ToList() is { Count: > 0 } missing ? new(Healthz.Reason.Behind, release, missing) : new(null, release, []);
}
