using Npgsql;

namespace CloudTicks.Timescale.Schema;

internal static class TimescaleExtension
{
    /// <exception cref="SchemaException">The extension is not installed or not loaded, or the user may not create it.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await IsTrueAsync(connection, "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')", cancellationToken))
        {
            return;
        }

        if (!await IsTrueAsync(
            connection, "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')", cancellationToken))
        {
            throw new SchemaException(
                $"The PostgreSQL server {connection.DataSource} has no TimescaleDB: install it, set " +
                "shared_preload_libraries = 'timescaledb', and restart the server.");
        }

        try
        {
            await using var command = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS timescaledb", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused) when (!refused.IsTransient)
        {
            throw new SchemaException(
                $"The extension timescaledb cannot be created in database {connection.Database} on {connection.DataSource} " +
                $"({refused.MessageText}): set shared_preload_libraries = 'timescaledb', restart the server, and run " +
                "CREATE EXTENSION timescaledb as a user who may do so.",
                refused);
        }
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
