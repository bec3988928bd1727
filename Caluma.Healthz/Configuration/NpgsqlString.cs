using System.Data.Common;
using Npgsql;

namespace Caluma.Healthz.Configuration;

/// <summary>A connection string of Npgsql, in which people also write what they know from libpq.</summary>
internal static class NpgsqlString
{
    /// <param name="value">The string.</param>
    /// <param name="connection">What Npgsql understands of it.</param>
    /// <returns>What is left, in the words of libpq.</returns>
    /// <exception cref="ArgumentException">Neither knows what stands there.</exception>
    public static IReadOnlyList<(string Name, string Value)> Split(string value, out NpgsqlConnectionStringBuilder connection)
    {
        var all = new DbConnectionStringBuilder { ConnectionString = value };
        var npgsql = new NpgsqlConnectionStringBuilder();
        var libpq = (from string name in all.Keys
                     let text = (string)all[name]
                     where LibpqParameters.Knows(name)
                     where !npgsql.ContainsKey(name) || (name is "sslmode" && LibpqSsl.Parse(text) is not null)
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
