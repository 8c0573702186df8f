using Npgsql;

namespace CloudTicks.Timescale.Storing.Duplicates;

/// <summary>Inserts rows, some of which already exist, through a staging table, because COPY cannot skip rows.</summary>
internal static class StagedMerge
{
    private const string CreateStaging = "CREATE TEMPORARY TABLE market_ticks_staging (LIKE market_ticks) ON COMMIT DROP";

    private const string CopyIntoStaging = $"COPY market_ticks_staging ({MarketTicksTable.Columns}) FROM STDIN (FORMAT BINARY)";

    private const string InsertStaged =
        $"INSERT INTO market_ticks ({MarketTicksTable.Columns}) SELECT {MarketTicksTable.Columns} FROM market_ticks_staging "
        + "ON CONFLICT (timestamp_ms, symbol, tick_hash) DO NOTHING";

    /// <summary>Inserts the missing rows. Call it once per transaction, whose end drops the staging table.</summary>
    public static async Task<int> InsertAsync(NpgsqlConnection connection, ReadOnlyMemory<byte> rows, CancellationToken cancellationToken)
    {
        await RowCopy.ExecuteAsync(connection, CreateStaging, cancellationToken);
        await RowCopy.CopyAsync(connection, CopyIntoStaging, [rows], cancellationToken);
        return await RowCopy.ExecuteAsync(connection, InsertStaged, cancellationToken);
    }
}
