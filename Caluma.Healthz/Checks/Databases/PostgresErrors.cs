namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// The reason of each SQLSTATE that can reach the probe, which logs in, reads two tables and writes to one. Five characters are a code. Two
/// are a class, for its codes that have no row of their own. Classes that cannot occur have no row.
/// </summary>
/// <remarks>https://www.postgresql.org/docs/18/errcodes-appendix.html. <c>docs/operations.md</c> says the same by reason.</remarks>
internal static class PostgresErrors
{
    public static IReadOnlyList<(string SqlState, Reason Reason, string When)> Table { get; } =
    [
        ("03", Reason.Protocol, "the server does not take our statements for whole ones"),
        ("08", Reason.Connect, "a connection further on was cut or refused, as a proxy says it"),
        ("08P01", Reason.Protocol, "the server does not understand us; PgBouncer says so of everything: see PoolerErrors"),
        ("09", Reason.Mismatch, "a trigger on the table fails"),
        ("0A", Reason.Protocol, "the server cannot what PostgreSQL can"),
        ("0B", Reason.Protocol, "the server does not know our transaction"),
        ("0P", Reason.Missing, "a role that the settings name (options=-c role=…) does not exist"),
        ("20", Reason.Mismatch, "a trigger on the table fails"),
        ("21", Reason.Mismatch, "a trigger on the table fails"),
        ("22", Reason.Mismatch, "a value does not fit its column: the table is not that of the release"),
        ("22003", Reason.Full, "the ids have reached the largest number that the column holds"),
        ("2200H", Reason.Full, "the sequence of the ids has reached its end"),
        ("22023", Reason.Missing, "a value that the settings name (options=-c …, PGTZ) does not exist"),
        ("23", Reason.Mismatch, "a constraint refuses the row: a sequence behind its rows, or a column that the release does not have"),
        ("24", Reason.Protocol, "the server does not know our cursor"),
        ("25", Reason.Protocol, "the server does not know our transaction"),
        ("25006", Reason.ReadOnly, "a replica, or default_transaction_read_only"),
        ("25P03", Reason.Timeout, "we were silent for too long within a transaction"),
        ("25P04", Reason.Timeout, "transaction_timeout"),
        ("26", Reason.Protocol, "a pooler has lost a prepared statement"),
        ("27", Reason.Mismatch, "a trigger on the table changes what it may not"),
        ("28", Reason.Auth, "user, password, certificate or pg_hba.conf (tls where that refuses us for want of encryption)"),
        ("2D", Reason.Mismatch, "a trigger on the table fails"),
        ("2F", Reason.Mismatch, "a trigger on the table fails"),
        ("34", Reason.Protocol, "the server does not know our cursor"),
        ("38", Reason.Mismatch, "a trigger on the table fails"),
        ("39", Reason.Mismatch, "a trigger on the table fails"),
        ("3B", Reason.Protocol, "the server does not know our transaction"),
        ("3D", Reason.Missing, "no such database"),
        ("3F", Reason.Missing, "no such schema"),
        ("40", Reason.Busy, "rolled back for the sake of another: a deadlock, or a conflict with recovery"),
        ("40002", Reason.Mismatch, "a constraint refuses the row at the commit"),
        ("40003", Reason.Connect, "cut while it was committing"),
        ("42", Reason.Mismatch, "the table is not that of the release: another type, a view, a generated column"),
        ("42501", Reason.Permission, "a right is missing"),
        ("42601", Reason.Protocol, "the server does not speak PostgreSQL's SQL"),
        ("42703", Reason.Missing, "no such column"),
        ("42704", Reason.Missing, "no such setting or type"),
        ("42883", Reason.Missing, "no such function"),
        ("42P01", Reason.Missing, "no such table"),
        ("42P05", Reason.Protocol, "a pooler hands out connections with prepared statements of others"),
        ("44", Reason.Mismatch, "a view in place of the table refuses the row"),
        ("53", Reason.Full, "disk, memory or connections are used up"),
        ("54", Reason.Full, "a limit that is built in: transaction ids that are about to wrap around"),
        ("55", Reason.Busy, "not now: the database takes no connections, or something is in use or locked"),
        ("55P02", Reason.Permission, "a setting (options=-c …) that only a start of the server can change"),
        ("57", Reason.Connect, "ended by an operator, or by a crash"),
        ("57014", Reason.Timeout, "cancelled, by statement_timeout or by hand"),
        ("57P03", Reason.Busy, "starting, stopping or recovering"),
        ("57P04", Reason.Missing, "the database was dropped"),
        ("58", Reason.Full, "the server's disk or operating system fails it"),
        ("58P01", Reason.Mismatch, "a file of the database is gone: corruption"),
        ("58P02", Reason.Mismatch, "a file of the database is there twice: corruption"),
        ("72", Reason.Busy, "the snapshot is too old"),
        ("F0", Reason.Busy, "the server cannot read its own configuration, or is locked by another"),
        ("HV", Reason.Connect, "the table is a foreign one, and its server fails"),
        ("HV001", Reason.Full, "the table is a foreign one, and memory is used up"),
        ("P0", Reason.Mismatch, "a trigger on the table fails"),
        ("P0001", Reason.Permission, "a trigger on the table raises an exception"),
        ("XX", Reason.Unknown, "a fault of the server's own, or of a proxy: see PoolerErrors"),
        ("XX001", Reason.Mismatch, "data is corrupted"),
        ("XX002", Reason.Mismatch, "an index is corrupted"),
    ];

    private static readonly Dictionary<string, Reason> _reasons = Table.ToDictionary(row => row.SqlState, row => row.Reason);

    /// <summary>
    /// The reason of a code, or that of its class, which is the first two of its five characters
    /// (https://www.postgresql.org/docs/current/errcodes-appendix.html); unknown where neither is in the table.
    /// </summary>
    public static Reason ReasonFor(string sqlState) =>
        _reasons.TryGetValue(sqlState, out var reason) || (sqlState.Length == 5 && _reasons.TryGetValue(sqlState[..2], out reason))
            ? reason
            : Reason.Unknown;
}
