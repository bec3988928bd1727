using Npgsql;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class DatabaseSettingsTests
{
    public static TheoryData<string> Passwords =>
        ["p;a=b", "p=a", "p@a", "p%a", "p%41", "p#a", "p?a", "p/a", "p a", "p'a", "p\"a", "p:a", "pä,a", "p://a", "p\\a", "[p]"];

    [Fact]
    public void Calumas_own_settings_are_read_with_Calumas_defaults()
    {
        var connection = Connection("DATABASE_HOST=pg");

        Assert.Equal(("pg", 5432, "caluma", "caluma"), (connection.Host, connection.Port, connection.Database, connection.Username));
        Assert.Null(connection.Password);
    }

    [Fact]
    public void Every_setting_of_Calumas_database_is_read()
    {
        var configuration = Settings.Read(
            "DATABASE_HOST=pg", "DATABASE_PORT=5433", "DATABASE_NAME=name", "DATABASE_USER=user", "DATABASE_PASSWORD='p;a=\"b");
        var connection = new NpgsqlConnectionStringBuilder(Assert.Single(configuration.Options.Databases).ConnectionString);

        Assert.Equal(
            ("pg", 5433, "name", "user", "'p;a=\"b"),
            (connection.Host, connection.Port, connection.Database, connection.Username, connection.Password));
        Assert.Contains(
            new("database default", "pg:5433/name as user, TLS require",
                "DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_USER, DATABASE_PASSWORD"),
            configuration.Values);
    }

    [Fact]
    public void Our_own_default_wins_over_Calumas_and_other_aliases_stand_beside_it()
    {
        Assert.Equal(
            [("default", "ours")], Hosts("DATABASE_HOST=theirs", "Healthz__Databases__default=Host=ours"));
        Assert.Equal(
            [("default", "ours")], Hosts("DATABASE_HOST=theirs", "HEALTHZ__DATABASES__default=Host=ours"));
        Assert.Equal(
            [("default", "theirs"), ("replica", "ours")], Hosts("DATABASE_HOST=theirs", "Healthz__Databases__replica=Host=ours"));

        static IEnumerable<(string, string?)> Hosts(params string[] settings) => Settings.ReadOptions(settings).Databases
            .Select(database => (database.Alias, new NpgsqlConnectionStringBuilder(database.ConnectionString).Host))
            .Order();
    }

    [Fact]
    public void An_invalid_default_of_ours_is_not_replaced_by_Calumas()
    {
        var configuration = Settings.Read("DATABASE_HOST=theirs", "Healthz__Databases__default=");

        Assert.Empty(configuration.Options.Databases);
        Assert.Equal(
            "Healthz__Databases__default is empty; expected a value, or no such setting", $"{Assert.Single(configuration.Problems)}");
    }

    [Theory]
    [InlineData("DATABASE_HOST=")]
    [InlineData("DATABASE_HOST=", "DATABASE_NAME=", "DATABASE_USER=", "DATABASE_PASSWORD=", "DATABASE_PORT=")]
    public void Empty_settings_of_Caluma_count_as_unset(params string[] settings) =>
        Assert.Equal("is not set, and neither is DATABASE_HOST", Settings.ReadProblem(settings).Problem);

    [Fact]
    public void No_database_is_needed_without_a_database_check() =>
        Assert.Empty(Settings.ReadOptions("DATABASE_HOST=", "Healthz__Checks=caches").Databases);

    [Theory]
    [InlineData("DATABASE_PORT=0", "DATABASE_PORT")]
    [InlineData("DATABASE_PORT=65536", "DATABASE_PORT")]
    [InlineData("DATABASE_PORT=tcp://10.0.0.1:5432", "DATABASE_PORT")]
    [InlineData("DATABASE_PORT=5432 ", "DATABASE_PORT")]
    [InlineData("DATABASE_PASSWORD=", "DATABASE_PASSWORD")]
    [InlineData("DATABASE_HOST= ", "DATABASE_HOST")]
    [InlineData("DATABASE_HOST=db\n", "DATABASE_HOST")]
    [InlineData("DATABASE_HOST=dä..b", "DATABASE_HOST")]
    [InlineData("DATABASE_HOST=postgres://user:secret@db/caluma", "DATABASE_HOST")]
    [InlineData("DATABASE_HOST=", "DATABASE_HOST", "DATABASE_NAME=caluma")]
    [InlineData("DATABASE_NAME=", "DATABASE_NAME")]
    [InlineData("DATABASE_USER=", "DATABASE_USER")]
    [InlineData("DATABASE_HOST=[::1]", "DATABASE_HOST")]
    [InlineData("DATABASE_PORT=1,2,3", "DATABASE_PORT", "DATABASE_HOST=a,b")]
    [InlineData("DATABASE_NAME=cal\0uma", "DATABASE_NAME")]
    [InlineData("DATABASE_PASSWORD=sec\0ret", "DATABASE_PASSWORD")]
    public void A_problem_names_the_setting_of_Caluma_that_has_it(
        string setting, string name, params string[] others) =>
        Assert.Equal(name, Settings.ReadProblem([.. others, setting]).Setting);

    [Theory]
    [InlineData("db:5433")]
    [InlineData("db1,db2:5433")]
    [InlineData("10.0.0.1:5432")]
    [InlineData("[::1]:5433")]
    public void A_port_in_the_host_is_refused_with_the_setting_for_it(string host) => Assert.Equal(
        "DATABASE_HOST has a port in it, which Caluma takes for a part of the name; expected the host alone, and its port in DATABASE_PORT",
        $"{Settings.ReadProblem($"DATABASE_HOST={host}")}");

    [Fact]
    public void A_password_wins_over_the_one_that_Caluma_has_in_development()
    {
        Assert.Equal("caluma", Connection("ENV=dev").Password);
        Assert.Equal("other", Connection("ENV=dev", "DATABASE_PASSWORD=other").Password);
    }

    [Theory]
    [InlineData("db", "5433", "db:5433")]
    [InlineData("a,b", "5433", "a:5433,b:5433")]
    [InlineData("a,b", "5433,5434", "a:5433,b:5434")]
    [InlineData("a,b", "5433,", "a:5433,b:5432")]
    [InlineData("::1", "5433", "[::1]:5433")]
    [InlineData("::1,::2", "1,2", "[::1]:1,[::2]:2")]
    public void Hosts_and_ports_are_paired_as_libpq_pairs_them(string hosts, string ports, string shown) => Assert.StartsWith(
        $"{shown}/caluma as caluma",
        Settings.Read($"DATABASE_HOST={hosts}", $"DATABASE_PORT={ports}").Values.Single(value => value.Name == "database default").Value,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=db:5433", "db:5433")]
    [InlineData("postgresql://a:1,b:2/name", "a:1,b:2")]
    [InlineData("postgresql://a,b:2/name", "a:5432,b:2")]
    [InlineData("postgresql://[::1]:1,[::2]/name", "[::1]:1,[::2]:5432")]
    [InlineData("postgresql://%2Frun%2Fpostgresql/name", "/run/postgresql:5432")]
    [InlineData("postgresql://%2Ftmp%2FPg%2541/name", "/tmp/Pg%41:5432")]
    [InlineData("postgresql:///name?host=/run/postgresql&port=5433", "/run/postgresql:5433")]
    [InlineData("postgresql://db:65535/name", "db:65535")]
    [InlineData("postgresql://db/name?target_session_attrs=read-write", "db:5432")]
    [InlineData("host=a,b port=1,2 dbname=name", "a:1,b:2")]
    public void Sockets_and_lists_of_hosts_are_taken_and_shown(string database, string shown) => Assert.StartsWith(
        $"{shown}/",
        Settings.Read($"Healthz__Databases__default={database}").Values.Single(value => value.Name == "database default").Value,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=pg;Port=5433;Database=name;Username=user;Password=p")]
    [InlineData("host = pg ; PORT=5433; Db=name; User Id=user; pwd=p ;")]
    [InlineData("Host=pg;port=5433;dbname=name;user=user;Password=p")]
    [InlineData("host=pg port=5433 dbname=name user=user password=p")]
    [InlineData("host = 'pg'  port = 5433 dbname='name' user=user password='\\p'")]
    [InlineData("postgres://user:p@pg:5433/name")]
    [InlineData("postgresql://user:p@pg:5433/name/")]
    [InlineData("POSTGRES://user:p@PG:5433/name")]
    [InlineData("postgis://user:p@pg:5433/name")]
    [InlineData("postgresql:///name?host=pg&port=5433&user=user&password=p")]
    [InlineData("postgresql://nobody@nowhere/nothing?host=pg&port=5433&user=user&password=p&dbname=name")]
    [InlineData("postgres://us%65r:%70@pg:5433/n%61me")]
    public void A_database_is_a_connection_string_or_a_URL(string value)
    {
        var connection = Connection($"Healthz__Databases__default={value}");

        Assert.Equal(
            ("pg", 5433, "name", "user", "p"),
            (connection.Host, connection.Port, connection.Database, connection.Username, connection.Password));
    }

    [Theory]
    [MemberData(nameof(Passwords))]
    public void A_password_may_hold_anything(string password)
    {
        var quoted = new NpgsqlConnectionStringBuilder { Host = "db", Password = password }.ConnectionString;

        Assert.Equal(password, Connection($"Healthz__Databases__default={quoted}").Password);
        Assert.Equal(
            password, Connection($"Healthz__Databases__default=postgres://user:{Uri.EscapeDataString(password)}@db/name").Password);
        Assert.Equal(password, Connection($"DATABASE_PASSWORD={password}").Password);
    }

    [Theory]
    [InlineData("postgres://user:p@12#s@db/name")]
    [InlineData("postgres://user:12#s@db/name")]
    [InlineData("postgres://user:12/s@db/name")]
    [InlineData("postgres://user:12?s@db/name")]
    [InlineData("postgres://user:12?sslmode=s@db/name")]
    [InlineData("postgres://user:p\\s@db/name")]
    public void An_ambiguous_password_is_refused(string url) =>
        Assert.Equal(
            "is not a well-formed URL (are all special characters percent-encoded?)",
            Settings.ReadProblem($"Healthz__Databases__default={url}").Problem);

    [Fact]
    public void A_URL_may_have_only_a_host()
    {
        var connection = Connection("Healthz__Databases__default=postgres://db");

        Assert.Equal(("db", 5432, null, null, null),
            (connection.Host, connection.Port, connection.Database, connection.Username, connection.Password));
    }

    [Fact]
    public void A_URL_may_hold_an_address_of_IPv6_and_non_ASCII_names()
    {
        var connection = Connection("Healthz__Databases__default=postgres://[::1]:5433/");
        Assert.Equal(("::1", 5433), (connection.Host, connection.Port));

        connection = Connection("Healthz__Databases__default=postgres://jürg:ß@dätenbank/näme");
        Assert.Equal(
            ("xn--dtenbank-0za", "näme", "jürg", "ß"), (connection.Host, connection.Database, connection.Username, connection.Password));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void The_sslmode_of_a_URL_is_that_of_libpq(string mode, SslMode expected) =>
        Assert.Equal(expected, Connection($"Healthz__Databases__default=postgres://db/?sslmode={mode}").SslMode);

    [Fact]
    public void The_other_parameters_of_a_URL_are_those_of_libpq()
    {
        var file = typeof(DatabaseSettingsTests).Assembly.Location;
        var connection = Connection(
            $"Healthz__Databases__default=postgres://db/?application_name=me%40home&sslrootcert={Uri.EscapeDataString(file)}"
            + $"&sslcert={file}&sslkey={file}"
            + "&options=-c%20geqo%3Doff");

        Assert.Equal(
            ("me@home", file, file, file, "-c geqo=off"),
            (connection.ApplicationName, connection.RootCertificate, connection.SslCertificate, connection.SslKey, connection.Options));
    }

    [Theory]
    [InlineData("sslmode=99", "sslmode")]
    [InlineData("sslmode=", "sslmode")]
    [InlineData("sslmode=prefer&sslmode=require", "sslmode")]
    [InlineData("target_session_attrs=master", "target_session_attrs")]
    [InlineData("channel_binding=maybe", "channel_binding")]
    [InlineData("connect_timeout=soon", "connect_timeout")]
    [InlineData("secret", "(no name)")]
    [InlineData("nope=1", "nope")]
    public void An_unknown_parameter_is_refused(string query, string named) =>
        Assert.Equal(
            $"has a parameter or value that is not understood: {named}",
            Settings.ReadProblem($"Healthz__Databases__default=postgres://db/name?{query}").Problem);

    [Theory]
    [InlineData("mysql://db/name", "has the scheme mysql, which this version cannot probe")]
    [InlineData("postgres:///name", "names no host")]
    [InlineData("postgres://db/name?port=0", "names a port that cannot be one")]
    [InlineData("postgres://db1,db2,db3/name?port=1,2", "names 3 hosts and 2 ports")]
    [InlineData("postgres://db1,,db2/name", "names a host or port that cannot be one")]
    [InlineData("postgres://dä..b/name", "names a host or port that cannot be one")]
    [InlineData("Host=db,dä..b", "names a host or port that cannot be one")]
    [InlineData("postgres://db:65536/name", "is not a well-formed URL (are all special characters percent-encoded?)")]
    [InlineData("postgres://db:0/name", "is not a well-formed URL (are all special characters percent-encoded?)")]
    [InlineData("postgres://db:70000/name", "is not a well-formed URL (are all special characters percent-encoded?)")]
    [InlineData("nonsense", "is not a valid Npgsql connection string")]
    [InlineData("Host=db;Password=a;b", "is not a valid Npgsql connection string")]
    [InlineData("Host=db;Port=x", "is not a valid Npgsql connection string")]
    [InlineData("Host=db;Port=0", "is not a valid Npgsql connection string")]
    [InlineData("Host=db;Nope=1", "is not a valid Npgsql connection string")]
    [InlineData("Host=db;Nope=", "is not a valid Npgsql connection string")]
    [InlineData("postgres://user:%00@db", "is not a valid Npgsql connection string")]
    [InlineData("Host=db:x", "holds options that Npgsql refuses")]
    [InlineData("Database=name", "names no host")]
    [InlineData("Host=db;Port=70000", "names a host or port that cannot be one")]
    [InlineData("Host='a b'", "names a host or port that cannot be one")]
    [InlineData("Host=user:secret@db", "names a host or port that cannot be one")]
    [InlineData("Host=db;SSL Mode=Disable;SSL Negotiation=Direct", "holds options that Npgsql refuses")]
    public void An_invalid_value_is_explained(string value, string problem)
    {
        var found = Settings.ReadProblem($"Healthz__Databases__default={value}");

        Assert.Equal(("Healthz__Databases__default", problem), (found.Setting, found.Problem));
        Assert.Equal(
            "an Npgsql connection string such as Host=db;Database=caluma;Username=probe;Password=…, or a URL such as "
                + "postgres://probe:…@db:5432/caluma",
            found.Expected);
    }

    [Theory]
    [InlineData("Host=db1,db2:5433;Target Session Attributes=primary")]
    [InlineData("Host=db;Target Session Attributes=primary")]
    [InlineData("Host=/var/run/postgresql")]
    [InlineData("Host=db;Multiplexing=true;Maximum Pool Size=5")]
    [InlineData("Host=db;Multiplexing=true;Pooling=false")]
    public void Parameters_of_Npgsql_are_accepted(string value) => Connection($"Healthz__Databases__default={value}");

    private static NpgsqlConnectionStringBuilder Connection(params string[] settings) =>
        new(Assert.Single(Settings.ReadOptions(settings).Databases).ConnectionString);
}
