using System.Globalization;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>Sets the hosts and ports of a connection: two lists in libpq, one in Npgsql.</summary>
internal static class DatabaseHosts
{
    public const string BadPort = "names a port that cannot be one";

    /// <param name="connection">The connection whose hosts are set.</param>
    /// <param name="hosts">Names, addresses or folders of sockets, separated by commas.</param>
    /// <param name="ports">One for all or one for each, separated by commas; an empty port is 5432.</param>
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

    /// <summary>
    /// Formats the hosts for people: <c>db:5432</c>, or a list. The host that <see cref="ListSingleHostTwice"/> has doubled is shown
    /// once.
    /// </summary>
    public static string Show(NpgsqlConnectionStringBuilder connection) => string.Join(
        ',',
        connection.Host!.Split(',').Distinct().Select(host => HasPort(host) ? host : Join(host, connection.Port)));

    /// <summary>The hosts of a connection string, without their ports.</summary>
    public static IEnumerable<string> Of(string connectionString) =>
        (new NpgsqlConnectionStringBuilder(connectionString).Host ?? "").Split(',')
        .Select(host => HasPort(host) ? host[..host.LastIndexOf(':')] : host)
        .Select(host => host.Trim('[', ']'));

    /// <summary>libpq checks <c>target_session_attrs</c> of a single host, too. Npgsql refuses to, so the host is listed twice.</summary>
    public static void ListSingleHostTwice(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.TargetSessionAttributes is not (null or "any") && !connection.Host!.Contains(',', StringComparison.Ordinal))
        {
            connection.Host = $"{connection.Host},{connection.Host}";
        }
    }

    /// <summary>Whether a port follows the name of a host, which Npgsql allows and libpq does not.</summary>
    public static bool HasPort(string host) => !host.StartsWith('/')
        && (host.StartsWith('[') ? host.Contains("]:", StringComparison.Ordinal) : host.Count(character => character == ':') == 1);

    private static string Join(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host)}:{port}");

    private static int? Port(string port) => port.Length == 0 ? NpgsqlConnection.DefaultPort
        : int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535 ? number
        : null;
}
