using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Tells since when the table has ticks.</summary>
public sealed class TableBeginning(ReadingDatabase database)
{
    /// <summary>Asks for the beginning of the oldest chunk.</summary>
    /// <returns>Unix ms, UTC; null when the table is empty.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<long?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT min(range_start_integer) FROM timescaledb_information.chunks
            WHERE 'market_ticks'::regclass IS NOT NULL AND hypertable_schema = current_schema() AND hypertable_name = 'market_ticks'
            """);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }
}
