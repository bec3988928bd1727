using System.Text.RegularExpressions;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Parses a database URL of libpq: <c>postgresql://user:password@host:port,host:port/database?sslmode=require</c>, a socket as
/// <c>postgresql:///database?host=/run/postgresql</c> or <c>postgresql://%2Frun%2Fpostgresql/database</c>
/// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
/// </summary>
internal static partial class PostgresUrl
{
    private const string NotWellFormed = "is not a well-formed URL (are all special characters percent-encoded?)";

    // The schemes of libpq, of Django's URL libraries, and of PostGIS, which is PostgreSQL.
    private static readonly string[] _schemes = ["postgres", "postgresql", "psql", "pgsql", "postgis"];

    /// <param name="value">The URL.</param>
    /// <param name="problem">Receives the problem, without any part of the URL that may be secret.</param>
    /// <returns>The parameters of libpq, each once; null where the URL is invalid.</returns>
    public static IReadOnlyList<(string Name, string Value)>? Parse(string value, Action<string> problem)
    {
        var match = Url().Match(value);
        if (!match.Success)
        {
            // URLs of other kinds of databases are recognised by their scheme.
            problem(Scheme().Match(value) is { Success: true } scheme && !_schemes.Contains(scheme.Value.ToLowerInvariant())
                ? Unknown(scheme.Value)
                : NotWellFormed);
            return null;
        }

        if (!_schemes.Contains(match.Groups["scheme"].Value.ToLowerInvariant()))
        {
            problem(Unknown(match.Groups["scheme"].Value));
            return null;
        }

        var parameters = new Dictionary<string, string>();
        if (!AddHosts(parameters, match.Groups["hosts"].Value))
        {
            problem(NotWellFormed);
            return null;
        }

        Add(parameters, "user", match.Groups["user"].Value);
        Add(parameters, "password", match.Groups["password"].Value);
        Add(parameters, "dbname", match.Groups["path"].Value.Trim('/'));
        if (AddQuery(parameters, match.Groups["query"].Value) is { } bad)
        {
            problem($"has a parameter or value that is not understood: {SettingsReader.Printable(bad)}");
            return null;
        }

        return [.. parameters.Select(parameter => (parameter.Key, parameter.Value))];
    }

    private static bool AddHosts(Dictionary<string, string> parameters, string hosts)
    {
        var names = new List<string>();
        var ports = new List<string>();
        foreach (var host in hosts.Split(','))
        {
            var match = HostAndPort().Match(host);
            var port = match.Groups["port"].Value;
            if (!match.Success || (port.Length > 0 && (!int.TryParse(port, out var number) || number is 0 or > 65535)))
            {
                return false;
            }

            names.Add(Name(Uri.UnescapeDataString(match.Groups["host"].Value)));
            ports.Add(port);
        }

        Add(parameters, "host", string.Join(',', names), isEncoded: false);
        if (ports.Any(port => port.Length > 0))
        {
            Add(parameters, "port", string.Join(',', ports), isEncoded: false);
        }

        return true;
    }

    /// <returns>A name that is not valid as it is: the validation of hosts reports it.</returns>
    private static string Name(string host) =>
        host.StartsWith('/') || host.StartsWith('@') ? host : (HostName.Encode(host) ?? host).ToLowerInvariant();

    /// <returns>The name of a parameter that is there twice or has no value.</returns>
    private static string? AddQuery(Dictionary<string, string> parameters, string query)
    {
        var seen = new HashSet<string>();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var name = Uri.UnescapeDataString(pair[0]);
            if (pair.Length == 1 || name.Length == 0)
            {
                return "(no name)";
            }

            if (!seen.Add(name))
            {
                return name;
            }

            parameters[name] = Uri.UnescapeDataString(pair[1]);
        }

        return null;
    }

    private static void Add(Dictionary<string, string> parameters, string name, string value, bool isEncoded = true)
    {
        if (value.Length > 0)
        {
            parameters[name] = isEncoded ? Uri.UnescapeDataString(value) : value;
        }
    }

    private static string Unknown(string scheme) =>
        $"has the scheme {SettingsReader.Printable(scheme.ToLowerInvariant())}, which this version cannot probe";

    // An unencoded / ? # or @ in a password would end the host, and the rest would be read as a path or query.
    [GeneratedRegex(
        @"^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://((?<user>[^:@/?#\\\s]*)(:(?<password>[^@/?#\\\s]*))?@)?(?<hosts>[^@/?#\\\s]*)"
        + @"(/(?<path>[^@?#\\]*))?(\?(?<query>[^@#\\]*))?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Url();

    [GeneratedRegex(@"^(\[(?<host>[0-9A-Fa-f:.]+(%25?\w+)?)\]|(?<host>[^:\[\]]*))(:(?<port>\d*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex HostAndPort();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*(?=://)")]
    private static partial Regex Scheme();
}
