using Npgsql;

namespace CloudTicks.Timescale.Schema;

/// <summary>Makes the database that a connection string names, for whoever owns the whole server, as a local AppHost does.</summary>
public static class DatabaseCreation
{
    private const string MaintenanceDatabase = "postgres";

    /// <summary>Creates the database in UTF-8 unless it exists.</summary>
    /// <param name="connectionString">Names the server, a user who may create databases, and the database.</param>
    /// <exception cref="SchemaException">The connection string names no database.</exception>
    /// <exception cref="NpgsqlException">The server does not answer, or the user may not create databases.</exception>
    public static async Task EnsureAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var database = settings.Database;
        if (string.IsNullOrEmpty(database))
        {
            throw new SchemaException("The connection string of TimescaleDB names no database: add Database=cloudticks.");
        }

        settings.Database = MaintenanceDatabase;
        settings.Pooling = false;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = database } },
        };
        if ((bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
        {
            return;
        }

        try
        {
            // template0, because nobody is ever connected to it, which would refuse the copy; a name is quoted as an identifier.
            var name = database.Replace("\"", "\"\"", StringComparison.Ordinal);
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException created) when (
            created.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another program made it in between.
        }
    }
}
