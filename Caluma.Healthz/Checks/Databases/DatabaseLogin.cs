using Azure.Core;
using Caluma.Healthz.Configuration;
using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// Logs in to one database. As in libpq, a password is prepared by <see cref="SaslPrep"/> where the server asks for SCRAM, and sent
/// unchanged for other methods. The method is known before any password is sent.
/// </summary>
internal sealed class DatabaseLogin : IAsyncDisposable
{
    private const string Scram = "ScramSHA256";

    private readonly NpgsqlDataSource _dataSource;
    private readonly NpgsqlDataSource? _scram;

    public DatabaseLogin(DatabaseOptions options, TimeSpan timeout, TokenCredential identity)
    {
        _dataSource = DatabaseConnections.CreateDataSource(options, timeout, identity);
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        if (connection.Password is { Length: > 0 } password
            && SaslPrep.Prepare(password) is var prepared && prepared != password
            && AllowsScram(connection))
        {
            connection.Password = prepared;
            connection.RequireAuth = Scram;
            var scram = new DatabaseOptions(options.Alias, connection.ConnectionString);
            _scram = DatabaseConnections.CreateDataSource(scram, timeout, identity);
        }
    }

    /// <returns>A new connection, never a pooled one.</returns>
    public async Task<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        if (_scram is not null)
        {
            try
            {
                return await _scram.OpenConnectionAsync(cancellationToken);
            }
            catch (NpgsqlException exception) when (NeedsOtherMethod(exception))
            {
                // The server wants the unprepared password, or none.
            }
        }

        return await _dataSource.OpenConnectionAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _dataSource.DisposeAsync();
        if (_scram is not null)
        {
            await _scram.DisposeAsync();
        }
    }

    private static bool AllowsScram(NpgsqlConnectionStringBuilder connection) =>
        connection.RequireAuth is not { } methods || methods.StartsWith('!') != methods.Contains(Scram, StringComparison.OrdinalIgnoreCase);

    /// <remarks>
    /// Npgsql's own refusal has no code: https://github.com/npgsql/npgsql/blob/v10.0.3/src/Npgsql/Internal/NpgsqlConnector.Auth.cs.
    /// </remarks>
    private static bool NeedsOtherMethod(NpgsqlException exception) => exception.InnerException is AggregateException hosts
        ? hosts.InnerExceptions.OfType<NpgsqlException>().Any(NeedsOtherMethod)
        : exception.Message.Contains("authentication method is not allowed", StringComparison.Ordinal);
}
