using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class DatabaseHostsTests
{
    [Theory]
    [InlineData("Host=db", "db")]
    [InlineData("Host=db:5433", "db")]
    [InlineData("Host=db;Port=5433", "db")]
    [InlineData("Host=one:1,two,10.0.0.1:3", "one", "two", "10.0.0.1")]
    [InlineData("Host=[::1]:5433,[::2],::3", "::1", "::2", "::3")]
    [InlineData("Host=/run/postgresql", "/run/postgresql")]
    [InlineData("Database=name", "")]
    public void The_hosts_of_a_connection_string_have_no_ports(string connectionString, params string[] hosts) =>
        Assert.Equal(hosts, DatabaseHosts.Of(connectionString));

    [Theory]
    [InlineData("user:5433@db", "names a host or port that cannot be one")]
    [InlineData("postgres://db", "holds options that Npgsql refuses")]
    public void A_URL_in_the_host_is_not_taken_for_a_port(string host, string problem) =>
        Assert.Equal(problem, Settings.ReadProblem($"DATABASE_HOST={host}").Problem);

    [Theory]
    [InlineData("0", "is \"0\"")]
    [InlineData("54\u001b32", "is \"54?32\"")]
    [InlineData("1,2,3", "names 2 hosts and 3 ports")]
    public void A_port_that_cannot_be_one_is_shown_as_rejected(string port, string problem)
    {
        var configuration = Settings.Read("DATABASE_HOST=a,b", $"DATABASE_PORT={port}");

        Assert.Equal(problem, Assert.Single(configuration.Problems).Problem);
        Assert.Contains(
            " (the default counts; DATABASE_PORT \"", configuration.Values.Single(value => value.Name == "database default").Value,
            StringComparison.Ordinal);
    }
}
