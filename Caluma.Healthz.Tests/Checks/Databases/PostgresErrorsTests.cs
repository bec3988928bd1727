using System.Net.Sockets;
using Caluma.Healthz.Checks.Databases;
using Npgsql;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary>Walks the appendix of SQLSTATEs and the messages of poolers.</summary>
public sealed class PostgresErrorsTests
{
    /// <summary>
    /// Every error of https://www.postgresql.org/docs/18/errcodes-appendix.html (src/backend/utils/errcodes.txt), class by class.
    /// </summary>
    private const string Appendix =
        """
        03000
        08000 08003 08006 08001 08004 08007 08P01
        09000 0A000 0B000 0F000 0F001 0L000 0LP01 0P000 0Z000 0Z002 10608 20000 21000
        22000 2202E 22021 22008 22012 22005 2200B 22022 22015 2201E 22014 22016 2201F 2201G 22018 22007 22019 2200D 22025 22P06 22010 22023
        22013
        2201B 2201W 2201X 2202H 2202G 22009 2200C 2200G 22004 22002 22003 2200H 22026 22001 22011 22027 22024 2200F 22P01 22P02 22P03 22P04
        22P05
        2200L 2200M 2200N 2200S 2200T 22030 22031 22032 22033 22034 22035 22036 22037 22038 22039 2203A 2203B 2203C 2203D 2203E 2203F 2203G
        23000 23001 23502 23503 23505 23514 23P01
        24000
        25000 25001 25002 25008 25003 25004 25005 25006 25007 25P01 25P02 25P03 25P04
        26000 27000 28000 28P01 2B000 2BP01 2D000 2F000 2F005 2F002 2F003 2F004 34000
        38000 38001 38002 38003 38004 39000 39001 39004 39P01 39P02 39P03 3B000 3B001 3D000 3F000
        40000 40002 40001 40003 40P01
        42000 42601 42501 42846 42803 42P20 42P19 42830 42602 42622 42939 42804 42P18 42P21 42P22 42809 428C9 42703 42883 42P01 42P02 42704
        42701 42P03
        42P04 42723 42P05 42P06 42P07 42712 42710 42702 42725 42P08 42P09 42P10 42611 42P11 42P12 42P13 42P14 42P15 42P16 42P17
        44000
        53000 53100 53200 53300 53400 54000 54001 54011 54023
        55000 55006 55P02 55P03 55P04
        57000 57014 57P01 57P02 57P03 57P04 57P05
        58000 58030 58P01 58P02 58P03
        72000 F0000 F0001
        HV000 HV005 HV002 HV010 HV021 HV024 HV007 HV008 HV004 HV006 HV091 HV00B HV00C HV00D HV090 HV00A HV009 HV014 HV001 HV00P HV00J HV00K
        HV00Q HV00R
        HV00L HV00M HV00N
        P0000 P0001 P0002 P0003 P0004
        XX000 XX001 XX002
        """;

    /// <summary>Codes of DDL, GRANT, large objects, diagnostics and XQuery, which the probe does not use.</summary>
    private static readonly string[] _unreachable = ["0F000", "0F001", "0L000", "0LP01", "0Z000", "0Z002", "10608", "2B000", "2BP01"];

    private static readonly string[] _all = Appendix.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    public static TheoryData<string, Reason> Rows => [.. PostgresErrors.Table.Select(row => (row.SqlState, row.Reason))];

    public static TheoryData<string, Reason> PoolerRows => [.. PoolerErrors.Table.Select(row => (row.Start, row.Reason))];

    [Fact]
    public void Every_code_that_can_reach_the_probe_has_a_reason() => Assert.Equal(
        _unreachable.Append("XX000").Order(StringComparer.Ordinal),
        _all.Where(code => DatabaseFailure.ReasonFor(Refusal(code)) == Reason.Unknown).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_is_in_the_appendix_and_none_is_a_duplicate()
    {
        var rows = PostgresErrors.Table.Select(row => row.SqlState).ToList();

        Assert.Distinct(rows);
        Assert.All(rows, row => Assert.Contains(_all, code => code.StartsWith(row, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_gives_its_reason(string sqlState, Reason reason) =>
        Assert.Equal(reason, DatabaseFailure.ReasonFor(Refusal(sqlState.Length == 2 ? sqlState + "ZZZ" : sqlState)));

    [Theory]
    [MemberData(nameof(PoolerRows))]
    public void Each_message_of_a_pooler_gives_its_reason_with_any_text_after_it(string start, Reason reason)
    {
        Assert.Equal(reason, DatabaseFailure.ReasonFor(Refusal("08P01", start)));
        Assert.Equal(reason, DatabaseFailure.ReasonFor(Refusal("08P01", $"{start}: and more")));
        Assert.Equal(reason, DatabaseFailure.ReasonFor(Refusal("XX000", start)));
    }

    [Theory]
    [InlineData("server login has been failing, try again later (server_login_retry)", Reason.Connect)] // Up to 1.23.
    [InlineData("server login has been failing, cached error: connect failed (server_login_retry)", Reason.Connect)]
    [InlineData(
        "server login has been failing, cached error: server login failed: FATAL password authentication failed for user \"caluma\" "
            + "(server_login_retry)",
        Reason.Auth)]
    [InlineData("server login has been failing, cached error: database \"caluma\" does not exist (server_login_retry)", Reason.Missing)]
    [InlineData(
        "server login has been failing, cached error: server login failed: FATAL database \"caluma\" does not exist (server_login_retry)",
        Reason.Missing)]
    [InlineData("server login has been failing, cached error: server DNS lookup failed (server_login_retry)", Reason.Dns)]
    [InlineData("unsupported startup parameter: options", Reason.Protocol)]
    [InlineData("bad packet header: '00'", Reason.Protocol)]
    public void A_server_error_that_PgBouncer_passes_on_has_its_reason(string message, Reason reason) =>
        Assert.Equal(reason, DatabaseFailure.ReasonFor(Refusal("08P01", message)));

    [Theory]
    [InlineData("no pg_hba.conf entry for host \"10.0.0.1\", user \"u\", database \"d\", no encryption", Reason.Tls)]
    [InlineData("no pg_hba.conf entry for host \"10.0.0.1\", user \"u\", database \"d\", SSL off", Reason.Tls)]
    [InlineData("kein pg_hba.conf-Eintrag für Host »10.0.0.1«, Benutzer »u«, Datenbank »d«, keine Verschlüsselung", Reason.Tls)]
    [InlineData("pg_hba.conf rejects connection for host \"10.0.0.1\", user \"u\", database \"d\", no encryption", Reason.Tls)]
    [InlineData("no pg_hba.conf entry for host \"10.0.0.1\", user \"u\", database \"d\", SSL encryption", Reason.Auth)]
    [InlineData("role \"u\" is not permitted to log in", Reason.Auth)]
    public void A_login_refused_for_missing_encryption_has_a_reason_of_its_own(string message, Reason reason) =>
        Assert.Equal(reason, DatabaseFailure.ReasonFor(Refusal("28000", message)));

    [Theory]
    [InlineData(Reason.Auth, "28P01", null)]
    [InlineData(Reason.Auth, null, "28P01")]
    [InlineData(Reason.Full, "57P03", "53300", null)]
    [InlineData(Reason.Connect, null, null)]
    public void Of_several_hosts_the_reason_that_explains_most_counts(Reason reason, params string?[] hosts)
    {
        var failures = hosts.Select(code => code is null
            ? new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused))
            : (Exception)Refusal(code));

        Assert.Equal(
            reason,
            DatabaseFailure.ReasonFor(new NpgsqlException("Unable to connect to a suitable host.", new AggregateException(failures))));
    }

    private static PostgresException Refusal(string sqlState, string message = "") => new(message, "FATAL", "FATAL", sqlState);
}
