using CloudTicks.Timescale.Editions;
using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Timescale.Schema;

/// <summary>Migrates a database in one transaction a migration, under a lock against others; any TimescaleDB edition.</summary>
public sealed class SchemaMigrator
{
    /// <summary>Chosen once at random: every version of CloudTicks locks by this number.</summary>
    internal const long MigrationLock = 0x436C_6F75_6454_6963;

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly ILogger<SchemaMigrator> _logger;
    private readonly IReadOnlyList<Migration> _migrations;
    private readonly RoleSetup _roles;
    private volatile TimescaleEdition? _edition;

    /// <summary>Makes the migrator.</summary>
    /// <param name="database">The database, which exists; its user may create extensions, types, tables and functions.</param>
    /// <param name="sources">The connections whose logins become members of the roles; null for the one login of
    /// <paramref name="database"/>.</param>
    public SchemaMigrator(
        [FromKeyedServices(DatabaseRole.Owner)] NpgsqlDataSource database, TimeProvider time, ILogger<SchemaMigrator> logger,
        DatabaseSources? sources = null)
        : this(database, time, logger, Migration.All, sources)
    {
    }

    internal SchemaMigrator(
        NpgsqlDataSource database, TimeProvider time, ILogger<SchemaMigrator> logger, IReadOnlyList<Migration> migrations,
        DatabaseSources? sources = null)
    {
        (_database, _time, _logger, _migrations) = (database, time, logger, migrations);
        _roles = new RoleSetup(migrations, sources, logger);
    }

    /// <summary>The TimescaleDB that the database had when it was looked at last; null before that.</summary>
    public TimescaleEdition? Edition => _edition;

    /// <summary>Applies the migrations that the database does not have yet, and sets up the roles where that can be done.</summary>
    /// <param name="cancellationToken">Ends the wait for the lock, or the migration under way, which is undone.</param>
    /// <exception cref="SchemaException">
    /// TimescaleDB is not installed; the database is newer than this program; or a migration that made it has changed since.
    /// </exception>
    /// <exception cref="NpgsqlException">The database does not answer or refuses a statement.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        // The lock is the session's, not a transaction's, because each migration commits on its own.
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        try
        {
            // First, as nothing is changed in a database of a newer program.
            var pending = await SchemaState.GetPendingAsync(connection, _migrations, cancellationToken);
            await TimescaleExtension.EnsureAsync(connection, cancellationToken);
            foreach (var migration in pending)
            {
                await ApplyAsync(connection, migration, cancellationToken);
                _logger.MigrationApplied(migration.Name, connection.Database);
            }

            await _roles.EnsureAsync(connection, cancellationToken);
            await TellEditionAsync(connection, cancellationToken);
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
            }
        }
    }

    /// <summary>Once, and again when the server got another one.</summary>
    private async Task TellEditionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var edition = await TimescaleEdition.ReadAsync(connection, cancellationToken);
        if (edition != _edition)
        {
            _edition = edition;
            _logger.EditionFound(connection.Database, edition.Version, edition.Server, edition.Meaning);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL)
            """,
            cancellationToken);
        if (RoleStatements.Without(migration.Sql) is { Length: > 0 } script)
        {
            await ExecuteAsync(connection, script, cancellationToken);
        }

        await using var command = new NpgsqlCommand("INSERT INTO schema_migrations VALUES ($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<int> { TypedValue = migration.Version },
                new NpgsqlParameter<string> { TypedValue = migration.Name },
                new NpgsqlParameter<string> { TypedValue = migration.Checksum },
                new NpgsqlParameter<DateTime> { TypedValue = _time.GetUtcNow().UtcDateTime },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // Waiting for another program's migration, or making an index on a large table, takes as long as it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
