using System.Data.Common;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>Parses a connection string of Npgsql, which may have parameters of libpq in it.</summary>
internal static class NpgsqlString
{
    /// <param name="value">The string.</param>
    /// <param name="connection">The parameters that Npgsql knows.</param>
    /// <returns>The remaining parameters, which are libpq's.</returns>
    /// <exception cref="ArgumentException">Neither Npgsql nor libpq knows a parameter.</exception>
    public static IReadOnlyList<(string Name, string Value)> Split(string value, out NpgsqlConnectionStringBuilder connection)
    {
        var all = new DbConnectionStringBuilder { ConnectionString = value };
        var npgsql = new NpgsqlConnectionStringBuilder();
        var libpq = (from string name in all.Keys
                     let text = (string)all[name]
                     where LibpqParameters.Knows(name)
                     where !npgsql.ContainsKey(name) || (name is "sslmode" && LibpqSsl.Modes.Any(mode => mode.Name == text))
                     select (name, text)).ToList();
        if (libpq.Count == 0)
        {
            connection = new NpgsqlConnectionStringBuilder(value);
            return [];
        }

        foreach (var (name, _) in libpq)
        {
            all.Remove(name);
        }

        connection = new NpgsqlConnectionStringBuilder(all.ConnectionString);
        return libpq;
    }
}
