using System.Globalization;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>The hosts and ports of a connection, as libpq has them in two lists and Npgsql in one.</summary>
internal static class DatabaseHosts
{
    public const string BadPort = "names a port that cannot be one";

    /// <param name="connection">Set to the hosts.</param>
    /// <param name="hosts">Names, addresses or folders of sockets, separated by commas.</param>
    /// <param name="ports">One for all or one for each, separated by commas; an empty one is PostgreSQL's own.</param>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Set(NpgsqlConnectionStringBuilder connection, string hosts, string ports)
    {
        var names = hosts.Split(',');
        var numbers = ports.Split(',').Select(Port).ToArray();
        if (numbers.Contains(null))
        {
            return BadPort;
        }

        if (numbers.Length > 1 && numbers.Length != names.Length)
        {
            return $"names {names.Length} hosts and {numbers.Length} ports";
        }

        if (numbers.Length == 1 || names.Length == 1)
        {
            connection.Host = hosts;
            connection.Port = numbers[0]!.Value;
        }
        else
        {
            connection.Host = string.Join(',', names.Zip(numbers, (name, number) => Join(name, number!.Value)));
        }

        return null;
    }

    /// <summary>As people write them: <c>db:5432</c>, or several. Two that are the same are one: see <see cref="AskOfOneHost"/>.</summary>
    public static string Show(NpgsqlConnectionStringBuilder connection) => string.Join(
        ',',
        connection.Host!.Split(',').Distinct().Select(host => HasPort(host) ? host : Join(host, connection.Port)));

    /// <summary>
    /// libpq asks a single host for its attributes as it does several; Npgsql refuses to. Twice the same host are several to it.
    /// </summary>
    public static void AskOfOneHost(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.TargetSessionAttributes is not (null or "any") && !connection.Host!.Contains(',', StringComparison.Ordinal))
        {
            connection.Host = $"{connection.Host},{connection.Host}";
        }
    }

    /// <summary>Whether a port follows a name, as Npgsql takes it and libpq does not.</summary>
    public static bool HasPort(string host) => !host.StartsWith('/')
        && (host.StartsWith('[') ? host.Contains("]:", StringComparison.Ordinal) : host.Count(character => character == ':') == 1);

    private static string Join(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host)}:{port}");

    private static int? Port(string port) => port.Length == 0 ? NpgsqlConnection.DefaultPort
        : int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535 ? number
        : null;
}
