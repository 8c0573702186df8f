using CloudTicks.Timescale.Editions;
using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Timescale.Schema;

/// <summary>
/// Migrates a database, one transaction per migration. A lock keeps other programs from migrating it at the same time. Works with any
/// TimescaleDB edition.
/// </summary>
public sealed class SchemaMigrator
{
    /// <summary>The key of the advisory lock: an arbitrary constant, the same in every version of CloudTicks.</summary>
    internal const long MigrationLock = 0x436C_6F75_6454_6963;

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly ILogger<SchemaMigrator> _logger;
    private readonly IReadOnlyList<Migration> _migrations;
    private readonly RoleSetup _roles;
    private volatile TimescaleEdition? _edition;

    /// <summary>Creates the migrator.</summary>
    /// <param name="database">An existing database; its user may create extensions, types, tables and functions.</param>
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

    /// <summary>The edition of the database's TimescaleDB at the last migration; null before the first.</summary>
    public TimescaleEdition? Edition => _edition;

    /// <summary>Applies pending migrations, and sets up the roles if the login may do so.</summary>
    /// <param name="cancellationToken">Cancels the wait for the lock, or rolls back the current migration.</param>
    /// <exception cref="SchemaException">
    /// TimescaleDB is not installed or may not be created, the database is newer than this program, or its migrations differ from this
    /// program's.
    /// </exception>
    /// <exception cref="NpgsqlException">The database does not answer or refuses a statement.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        // Take a session lock rather than a transaction lock, because each migration has a separate transaction.
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        try
        {
            // Check first, so that a database of a newer program is not changed.
            var pending = await SchemaState.GetPendingAsync(connection, _migrations, cancellationToken);
            await TimescaleExtension.EnsureAsync(connection, cancellationToken);
            foreach (var migration in pending)
            {
                await ApplyAsync(connection, migration, cancellationToken);
                _logger.MigrationApplied(migration.Name, connection.Database);
            }

            await _roles.EnsureAsync(connection, cancellationToken);
            await LogEditionAsync(connection, cancellationToken);
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
            }
        }
    }

    /// <summary>Logs the edition once, and again when it changes.</summary>
    private async Task LogEditionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var edition = await TimescaleEdition.ReadAsync(connection, cancellationToken);
        if (edition != _edition)
        {
            _edition = edition;
            _logger.EditionFound(connection.Database, edition.Version, edition.Server, edition.Description);
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
        if (RoleStatements.RemoveFrom(migration.Sql) is { Length: > 0 } script)
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
        // No timeout, because the migration of another program, or an index on a large table, may take a long time.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
