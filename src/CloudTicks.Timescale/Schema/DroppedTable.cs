using System.Globalization;
using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Timescale.Schema;

/// <summary>Recreates <c>market_ticks</c> as an empty table after it was dropped, using the statements of the migrations.</summary>
public sealed class DroppedTable([FromKeyedServices(DatabaseRole.Owner)] NpgsqlDataSource database, ILogger<DroppedTable> logger)
{
    private const string Table = "market_ticks";

    /// <summary>Creates the table if it is missing; returns whether it was missing.</summary>
    /// <param name="cancellationToken">Cancels and rolls back the attempt.</param>
    /// <exception cref="NpgsqlException">The database does not answer or refuses a statement.</exception>
    public async Task<bool> RestoreAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var number = SchemaMigrator.MigrationLock.ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({number})", cancellationToken);
        await using (var existsQuery = new NpgsqlCommand($"SELECT to_regclass('{Table}') IS NOT NULL", connection))
        {
            if ((bool)(await existsQuery.ExecuteScalarAsync(cancellationToken))!)
            {
                return false;
            }
        }

        foreach (var statement in Migration.All.SelectMany(migration => SqlStatements.Of(migration.Sql)).Where(IsAboutTable))
        {
            await ExecuteAsync(connection, statement, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        await new RoleSetup(Migration.All, sources: null, logger).EnsureAsync(connection, cancellationToken);
        logger.TableRestored(Table, connection.Database);
        return true;
    }

    private static bool IsAboutTable(string statement) =>
        statement.Contains(Table, StringComparison.Ordinal) && !RoleStatements.IsAboutRoles(statement);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
