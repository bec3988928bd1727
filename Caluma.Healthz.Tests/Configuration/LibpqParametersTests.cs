using Npgsql;

namespace Caluma.Healthz.Tests.Configuration;

/// <summary>The parameters of libpq in a URL, in connection strings of libpq and Npgsql, and as variables.</summary>
public sealed class LibpqParametersTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    /// <summary>The option that each parameter sets.</summary>
    public static TheoryData<string, string, string?, string, string> Taken => new()
    {
        { "sslmode", "verify-full", "PGSSLMODE", "SSL Mode", "VerifyFull" },
        { "sslmode", "allow", "PGSSLMODE", "SSL Mode", "Allow" },
        { "requiressl", "1", "PGREQUIRESSL", "SSL Mode", "Require" },
        { "ssl", "true", null, "SSL Mode", "Require" },
        { "channel_binding", "require", "PGCHANNELBINDING", "Channel Binding", "Require" },
        { "channel_binding", "disable", "PGCHANNELBINDING", "Channel Binding", "Disable" },
        { "target_session_attrs", "read-write", "PGTARGETSESSIONATTRS", "Target Session Attributes", "read-write" },
        { "target_session_attrs", "prefer-standby", "PGTARGETSESSIONATTRS", "Target Session Attributes", "prefer-standby" },
        { "load_balance_hosts", "random", "PGLOADBALANCEHOSTS", "Load Balance Hosts", "True" },
        { "connect_timeout", "3", "PGCONNECT_TIMEOUT", "Timeout", "3" },
        { "connect_timeout", "1", "PGCONNECT_TIMEOUT", "Timeout", "2" },
        { "connect_timeout", "0", "PGCONNECT_TIMEOUT", "Timeout", "15" },
        { "connect_timeout", "-1", "PGCONNECT_TIMEOUT", "Timeout", "15" },
        { "application_name", "me", "PGAPPNAME", "Application Name", "me" },
        { "fallback_application_name", "me", null, "Application Name", "me" },
        { "options", "-c search_path=ours", "PGOPTIONS", "Options", "-c search_path=ours" },
        { "gssencmode", "require", "PGGSSENCMODE", "GSS Encryption Mode", "Require" },
        { "krbsrvname", "pg", "PGKRBSRVNAME", "Kerberos Service Name", "pg" },
        { "passfile", "/pass", "PGPASSFILE", "Passfile", "/pass" },
        { "require_auth", "scram-sha-256", "PGREQUIREAUTH", "Require Auth", "ScramSHA256" },
        { "require_auth", "!password,!md5", "PGREQUIREAUTH", "Require Auth", "!Password,!MD5" },
    };

    public void Dispose() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(Taken))]
    public void Parameters_that_Npgsql_has_are_taken_over(string name, string value, string? variable, string option, string expected)
    {
        var (url, libpq) = ($"postgres://db/name?{name}={Uri.EscapeDataString(value)}", $"host=db dbname=name {name}='{value}'");

        Assert.Equal(expected, Option(option, $"Healthz__Databases__default={url}"));
        Assert.Equal(expected, Option(option, $"Healthz__Databases__default={libpq}"));
        if (name is not ("passfile" or "options"))
        {
            Assert.Equal(expected, Option(option, $"Healthz__Databases__default=Host=db;Database=name;{name}={value}"));
        }

        if (variable is not null)
        {
            Assert.Equal(expected, Option(option, "DATABASE_HOST=db", $"{variable}={value}"));
            Assert.Equal(expected, Option(option, $"Healthz__Databases__default={url}", $"{variable}={value}"));
        }
    }

    [Theory]
    [InlineData("keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=3",
        "keepalives, keepalives_idle, keepalives_interval, keepalives_count")]
    [InlineData("client_encoding=LATIN1", "client_encoding")]
    [InlineData("gssencmode=prefer", "gssencmode")]
    [InlineData("ssl_min_protocol_version=TLSv1.2", "ssl_min_protocol_version")]
    [InlineData("ssl_min_protocol_version=TLSv1.1", "ssl_min_protocol_version")]
    [InlineData("ssl_min_protocol_version=TLSv1", "ssl_min_protocol_version")]
    [InlineData("ssl_min_protocol_version=", "ssl_min_protocol_version")]
    [InlineData("ssl_max_protocol_version=TLSv1.3", "ssl_max_protocol_version")]
    [InlineData("ssl_max_protocol_version=", "ssl_max_protocol_version")]
    [InlineData("replication=false", "replication")]
    [InlineData("replication=off", "replication")]
    [InlineData("replication=NO", "replication")]
    [InlineData("replication=0", "replication")]
    [InlineData("gssdelegation=0", "gssdelegation")]
    [InlineData("conn_max_age=600&sslsni=0&tcp_user_timeout=1", "conn_max_age, sslsni, tcp_user_timeout")]
    public void Parameters_without_an_effect_are_accepted_with_a_remark(string query, string named)
    {
        var configuration = Settings.Read($"Healthz__Databases__default=postgres://db/name?{query}");

        Assert.Empty(configuration.Problems);
        Assert.Contains($"Healthz__Databases__default: {named} make no difference to a verdict", configuration.Remarks);
    }

    [Theory]
    [InlineData("postgres://db/name")]
    [InlineData("postgres://db/name?connect_timeout=5")]
    public void Without_such_parameters_there_is_no_remark(string url) => Assert.DoesNotContain(
        Settings.Read($"Healthz__Databases__default={url}").Remarks,
        remark => remark.Contains("no difference", StringComparison.Ordinal));

    [Theory]
    [InlineData("hostaddr=10.0.0.1", "has hostaddr, which the probe cannot follow (write the address as the host)")]
    [InlineData(
        "service=caluma", "has service, which the probe cannot follow (write out what the service file says: host, port, dbname, user)")]
    [InlineData("sslcrl=/crl", "has sslcrl, which the probe cannot follow (use an Npgsql string with Check Certificate Revocation=true)")]
    [InlineData(
        "ssl_min_protocol_version=TLSv1.3", "has ssl_min_protocol_version, which the probe cannot follow (set ssl_min_protocol_version on "
        + "the server instead)")]
    [InlineData(
        "ssl_max_protocol_version=TLSv1.2", "has ssl_max_protocol_version, which the probe cannot follow (set ssl_max_protocol_version on "
        + "the server instead)")]
    [InlineData("gssdelegation=1", "has gssdelegation, which the probe cannot follow (leave it out: the probe delegates nothing)")]
    [InlineData("schema=ours", "has schema, which the probe cannot follow (write options=-c%20search_path=…)")]
    [InlineData(
        "replication=database", "has replication, which the probe cannot follow (leave it out: a replication connection answers no query)")]
    public void Unsupported_parameters_are_refused_with_what_to_write_instead(string query, string problem) =>
        Assert.Equal(problem, Settings.ReadProblem($"Healthz__Databases__default=postgres://db/name?{query}").Problem);

    [Theory]
    [InlineData("PGTARGETSESSIONATTRS=master",
        "PGTARGETSESSIONATTRS is \"master\"; expected any, read-write, read-only, primary, standby or prefer-standby")]
    [InlineData("PGCHANNELBINDING=maybe", "PGCHANNELBINDING is \"maybe\"; expected disable, prefer or require")]
    [InlineData("PGSSLNEGOTIATION=fast", "PGSSLNEGOTIATION is \"fast\"; expected postgres or direct")]
    [InlineData("PGREQUIREAUTH=kerberos",
        "PGREQUIREAUTH is \"kerberos\"; expected password, md5, gss, sspi, scram-sha-256 or none, separated by commas, "
        + "or each with a ! before it")]
    [InlineData("PGREQUIREAUTH=md5,!password",
        "PGREQUIREAUTH is \"md5,!password\"; expected password, md5, gss, sspi, scram-sha-256 or none, separated by commas, "
        + "or each with a ! before it")]
    [InlineData("PGHOSTADDR=10.0.0.1", "PGHOSTADDR is set, which the probe cannot follow; expected none: write the address as the host")]
    [InlineData("PGSSLCERT=/nowhere", "PGSSLCERT names /nowhere, which is not there; expected a file in PEM form")]
    public void An_unsupported_variable_is_reported_once_for_all_databases(string variable, string problem) =>
        Assert.Equal(problem, $"{Settings.ReadProblem(variable, "Healthz__Databases__other=Host=other")}");

    [Theory]
    [InlineData("host=db password='it\\'s'", "it's")]
    [InlineData("host=db password='two words'", "two words")]
    public void Two_pairs_are_enough_for_a_string_of_libpq(string text, string password) =>
        Assert.Equal(password, Option("Password", $"Healthz__Databases__default={text}"));

    [Fact]
    public void Pairs_with_a_name_that_libpq_does_not_have_are_no_string_of_libpq() =>
        Assert.Equal(
            "names a host or port that cannot be one", Settings.ReadProblem("Healthz__Databases__default=host=db nope=1").Problem);

    [Fact]
    public void A_parameter_of_the_connection_wins_over_a_variable()
    {
        Assert.Equal("p", Option("Password", "Healthz__Databases__default=Host=db;Username=u;Password=p", "PGPASSWORD=other"));
        Assert.Equal("other", Option("Password", "Healthz__Databases__default=Host=db;Username=u", "PGPASSWORD=other"));
        Assert.Equal("u", Option("Username", "Healthz__Databases__default=Host=db;Username=u", "PGUSER=other"));
        Assert.Equal("other", Option("Username", "Healthz__Databases__default=postgres://db/name", "PGUSER=other"));
        Assert.Equal("Prefer", Option("SSL Mode", "Healthz__Databases__default=postgres://db/name?sslmode=prefer", "PGSSLMODE=disable"));
    }

    [Theory]
    [InlineData("Healthz__Databases__default=postgres://db/name?sslrootcert=system")]
    [InlineData("Healthz__Databases__default=postgres://db/name?sslrootcert=system&sslmode=verify-full")]
    [InlineData("PGSSLROOTCERT=system")]
    [InlineData("PGSSLROOTCERT=system", "PGSSLMODE=verify-full")]
    public void Sslrootcert_system_works_with_verify_full(params string[] settings) =>
        Assert.Equal("VerifyFull", Option("SSL Mode", settings));

    [Theory]
    [InlineData("PGSSLROOTCERT", "PGSSLROOTCERT=system", "PGSSLMODE=require")]
    [InlineData("Healthz__Databases__default", "Healthz__Databases__default=postgres://db/name?sslrootcert=system&sslmode=verify-ca")]
    public void Sslrootcert_system_is_refused_with_any_other_mode(string named, params string[] settings)
    {
        var problem = Settings.ReadProblem(settings);

        Assert.Equal((named, "verify-full, or no sslmode"), (problem.Setting, problem.Expected));
    }

    [Theory]
    [InlineData("sslrootcert", "a file with root certificates")]
    [InlineData("sslcert", "a file in PEM form")]
    [InlineData("sslkey", "a file in PEM form")]
    public void A_missing_file_is_a_problem_at_the_start(string name, string expected)
    {
        Settings.ReadOptions($"Healthz__Databases__default=postgres://db/name?{name}={_file}");

        Assert.Equal(
            $"Healthz__Databases__default names /nowhere, which is not there; expected {expected}",
            $"{Settings.ReadProblem($"Healthz__Databases__default=postgres://db/name?{name}=/nowhere")}");
    }

    private static string? Option(string option, params string[] settings) =>
        new NpgsqlConnectionStringBuilder(Settings.ReadOptions(settings).Databases.First().ConnectionString)[option]?.ToString();
}
