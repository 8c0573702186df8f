using Npgsql;

namespace CloudTicks.Timescale.Schema;

/// <summary>Compares the migrations of a database with those of this program.</summary>
internal static class SchemaState
{
    /// <summary>Returns the pending migrations.</summary>
    /// <exception cref="SchemaException">The database is newer than this program, or its migrations differ from this program's.</exception>
    public static async Task<IReadOnlyList<Migration>> GetPendingAsync(
        NpgsqlConnection connection, IReadOnlyList<Migration> known, CancellationToken cancellationToken)
    {
        if (!await HasTableAsync(connection, cancellationToken))
        {
            return known;
        }

        await using var command = new NpgsqlCommand("SELECT version, name, checksum FROM schema_migrations ORDER BY version", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            var (version, name, checksum) = (reader.GetInt32(0), reader.GetString(1), reader.GetString(2));
            Check(connection.Database, known, version, name, checksum);
            if (version != ++applied)
            {
                throw new SchemaException(
                    $"Database {connection.Database} has migration {name}, but lacks number {applied} before it: schema_migrations was " +
                    "changed by hand. Restore its rows.");
            }
        }

        return [.. known.Skip(applied)];
    }

    private static void Check(string? database, IReadOnlyList<Migration> known, int version, string name, string checksum)
    {
        if (version > known.Count)
        {
            throw new SchemaException(
                $"Database {database} has schema version {version} ({name}), but this program supports versions up to {known.Count}: " +
                "a newer version of CloudTicks created it. Update this program.");
        }

        if (known[version - 1].Checksum != checksum)
        {
            throw new SchemaException(
                $"Database {database} was migrated with a different text of {name}: its checksum in the database is {checksum}, " +
                $"but this program has {known[version - 1].Name} with {known[version - 1].Checksum}. Released migrations never change: "
                + $"restore the file, and add a new one for the change.");
        }
    }

    private static async Task<bool> HasTableAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass('schema_migrations') IS NOT NULL", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
