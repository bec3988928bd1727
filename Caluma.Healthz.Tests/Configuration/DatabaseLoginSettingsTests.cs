namespace Caluma.Healthz.Tests.Configuration;

/// <summary>TLS and tokens of databases.</summary>
public sealed class DatabaseLoginSettingsTests
{
    [Theory]
    [InlineData("Host=localhost", "prefer")]
    [InlineData("Host=127.0.0.1", "prefer")]
    [InlineData("Host=::1", "prefer")]
    [InlineData("Host=/run/postgresql", "prefer")]
    [InlineData("Host=db", "require")]
    [InlineData("Host=localhost,db", "require")]
    [InlineData("Host=10.0.0.1", "require")]
    [InlineData("Host=db;SSL Mode=Disable", "disable")]
    [InlineData("Host=db;sslmode=verifyfull", "verify-full")]
    [InlineData("postgres://db/caluma", "require")]
    [InlineData("postgres://db/caluma?sslmode=verify-ca", "verify-ca")]
    [InlineData("Host=db", "disable", "PGSSLMODE=disable")]
    [InlineData("Host=localhost", "verify-full", "PGSSLMODE=verify-full")]
    [InlineData("postgres://db/caluma?sslmode=prefer", "prefer", "PGSSLMODE=disable")]
    public void TLS_is_required_unless_the_host_is_this_machine_or_the_settings_say_otherwise(
        string database, string mode, params string[] others)
    {
        var configuration = Settings.Read([$"Healthz__Databases__default={database}", .. others]);

        Assert.Empty(configuration.Problems);
        Assert.EndsWith(
            $", TLS {mode}", configuration.Values.Single(value => value.Name == "database default").Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PGSSLMODE=sometimes", "PGSSLMODE is \"sometimes\"; expected disable, allow, prefer, require, verify-ca or verify-full")]
    [InlineData(
        "PGSSLROOTCERT=/nonexistent", "PGSSLROOTCERT names /nonexistent, which is not there; expected a file with root certificates")]
    public void Contradictory_TLS_settings_are_refused(string setting, string problem) =>
        Assert.Equal(problem, $"{Settings.ReadProblem("Healthz__Databases__default=Host=db", setting)}");

    [Theory]
    [InlineData("Host=x.postgres.database.azure.com;Username=probe", "https://ossrdbms-aad.database.windows.net/.default")]
    [InlineData("Host=x.postgres.database.usgovcloudapi.net;Username=probe", "https://ossrdbms-aad.database.usgovcloudapi.net/.default")]
    [InlineData("Host=x.postgres.database.chinacloudapi.cn;Username=probe", "https://ossrdbms-aad.database.chinacloudapi.cn/.default")]
    [InlineData("Host=x.postgres.database.azure.com;Username=probe;Password=secret", null)]
    [InlineData("Host=x.postgres.database.azure.com.;Username=probe", "https://ossrdbms-aad.database.windows.net/.default")]
    [InlineData("Host=X.Postgres.Database.Azure.Com:5432;Username=probe", "https://ossrdbms-aad.database.windows.net/.default")]
    [InlineData("Host=x.privatelink.postgres.database.azure.com;Username=probe", "https://ossrdbms-aad.database.windows.net/.default")]
    [InlineData(
        "Host=a.postgres.database.azure.com,b.postgres.database.azure.com:6432;Username=probe",
        "https://ossrdbms-aad.database.windows.net/.default")]
    [InlineData(
        "postgresql://probe@a.postgres.database.azure.com:5432,b.postgres.database.azure.com/caluma?target_session_attrs=read-write",
        "https://ossrdbms-aad.database.windows.net/.default")]
    [InlineData("Host=x.postgres.database.azure.com.example.org;Username=probe", null)]
    [InlineData("Host=a,b;Username=probe", null)]
    [InlineData("Host=db;Username=probe", null)]
    public void Without_a_password_an_Azure_database_is_opened_with_a_token(string database, string? scope) =>
        Assert.Equal(scope, Assert.Single(Settings.ReadOptions($"Healthz__Databases__default={database}").Databases).TokenScope);

    [Theory]
    [InlineData("verify-ca", "PGSSLMODE=require", "PGSSLROOTCERT={0}")]
    [InlineData("verify-ca", "Healthz__Databases__default=postgres://db/caluma?sslmode=require&sslrootcert={0}")]
    [InlineData("verify-ca", "Healthz__Databases__default=Host=db;SSL Mode=Require", "PGSSLROOTCERT={0}")]
    [InlineData("verify-full", "PGSSLMODE=verify-full", "PGSSLROOTCERT={0}")]
    [InlineData("prefer", "PGSSLMODE=prefer", "PGSSLROOTCERT={0}")]
    [InlineData("require", "PGSSLMODE=require")]
    public void Sslmode_require_with_root_certificates_verifies_them_as_in_libpq(string mode, params string[] settings)
    {
        var file = typeof(DatabaseLoginSettingsTests).Assembly.Location;
        var configuration = Settings.Read(settings.Select(setting => setting.Replace("{0}", file, StringComparison.Ordinal)));

        Assert.Empty(configuration.Problems);
        Assert.EndsWith(
            $", TLS {mode}", configuration.Values.Single(value => value.Name == "database default").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_whose_tokens_differ_need_a_password()
    {
        const string Azure = "a.postgres.database.azure.com";
        foreach (var hosts in new[] { $"{Azure},b", $"{Azure},b.postgres.database.chinacloudapi.cn" })
        {
            Assert.Equal(
                "names hosts that take tokens of different clouds, or none, and has no password",
                Settings.ReadProblem($"Healthz__Databases__default=Host={hosts};Username=u").Problem);
            Settings.ReadOptions($"Healthz__Databases__default=Host={hosts};Username=u;Password=p");
        }
    }

    [Theory]
    [InlineData("Host=db;SSL Mode=Disable;SSL Negotiation=Direct")]
    [InlineData("Host=a.postgres.database.azure.com,b;Username=probe")]
    public void A_database_whose_settings_are_refused_is_not_probed(string database) =>
        Assert.Empty(Settings.Read($"Healthz__Databases__default={database}").Options.Databases);

    [Theory]
    [InlineData("Host=db", "db:5432/ as (nobody), TLS require")]
    [InlineData("Host=db;Username=probe", "db:5432/probe as probe, TLS require")]
    [InlineData("Host=db;Username=probe;Database=caluma", "db:5432/caluma as probe, TLS require")]
    [InlineData(
        "Host=a.postgres.database.azure.com;Username=probe;Database=caluma",
        "a.postgres.database.azure.com:5432/caluma as probe with the identity of the process, TLS require")]
    [InlineData("postgresql://db/?target_session_attrs=read-write", "db:5432/ as (nobody), asked to be read-write, TLS require")]
    public void A_database_is_shown_with_what_decides_about_its_login(string database, string shown) =>
        Assert.Equal(
            shown,
            Settings.Read($"Healthz__Databases__default={database}").Values.Single(value => value.Name == "database default").Value);
}
