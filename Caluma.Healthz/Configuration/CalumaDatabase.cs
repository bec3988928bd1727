using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Caluma's own <c>DATABASE_*</c>, as Django passes them to libpq: names are taken literally, and there is one port or one for each host.
/// </summary>
/// <remarks>The defaults are those of https://github.com/projectcaluma/caluma/blob/v9.3.3/caluma/settings/django.py.</remarks>
internal static class CalumaDatabase
{
    private const string Host = "DATABASE_HOST";
    private const string Port = "DATABASE_PORT";
    private const string Name = "DATABASE_NAME";
    private const string User = "DATABASE_USER";
    private const string Password = "DATABASE_PASSWORD";

    public static readonly IReadOnlyList<string> Settings = [Host, Port, Name, User, Password];

    /// <param name="settings">The settings.</param>
    /// <param name="rejected">Receives each rejected setting, whose default then counts.</param>
    /// <returns>Null where a setting is wrong.</returns>
    public static NpgsqlConnectionStringBuilder? Read(SettingsReader settings, Action<string> rejected)
    {
        var hosts = settings.Caluma.Value(Host, "localhost");
        if (!hosts.Contains('@', StringComparison.Ordinal) && !hosts.Contains("://", StringComparison.Ordinal)
            && hosts.Split(',').Any(DatabaseHosts.HasPort))
        {
            settings.Problem(
                Host, "has a port in it, which Caluma takes for a part of the name", $"the host alone, and its port in {Port}");
            return null;
        }

        if (hosts.Contains('['))
        {
            settings.Problem(Host, "has brackets around an address, which Caluma takes for a part of it", "the address alone, such as ::1");
            return null;
        }

        var connection = new NpgsqlConnectionStringBuilder
        {
            Database = settings.Caluma.Value(Name, "caluma"),
            Username = settings.Caluma.Value(User, "caluma"),
        };
        SetPassword(settings, connection);
        var ports = settings.Caluma.Value(Port) ?? "";
        if (DatabaseHosts.Set(connection, hosts, ports) is { } problem)
        {
            settings.Problem(
                Port,
                problem == DatabaseHosts.BadPort ? $"is \"{SettingsReader.Printable(ports)}\"" : problem,
                "a port from 1 to 65535, or, for several hosts, one for each");
            rejected($"{Port} \"{SettingsReader.Printable(ports)}\"");
            connection.Host = hosts;
        }

        return connection;
    }

    private static void SetPassword(SettingsReader settings, NpgsqlConnectionStringBuilder connection)
    {
        var password = settings.Caluma.Value(Password);
        if (password is "")
        {
            settings.Problem(Password, "is empty", "the password, or no such setting");
        }

        // Caluma has a default password in development.
        connection.Password = password ?? (settings.Caluma.IsProduction ? null : "caluma");
    }
}
