using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>Sends encoded rows over a connection, in the transaction that it is in.</summary>
internal static class RowCopy
{
    /// <summary>Copies rows, in as many pieces as there are, into the table that the statement names.</summary>
    public static async Task CopyAsync(
        NpgsqlConnection connection, string copy, IEnumerable<ReadOnlyMemory<byte>> rows, CancellationToken cancellationToken)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken);
        await stream.WriteAsync(CopyRows.Header, cancellationToken);
        foreach (var piece in rows)
        {
            await stream.WriteAsync(piece, cancellationToken);
        }

        await stream.WriteAsync(CopyRows.Trailer, cancellationToken);
    }

    /// <summary>Inserts the rows that are not in the table yet; the staging table must be there, and empty.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> InsertNewAsync(
        NpgsqlConnection connection, IEnumerable<ReadOnlyMemory<byte>> rows, CancellationToken cancellationToken)
    {
        await CopyAsync(connection, MarketTicksTable.CopyIntoStaging, rows, cancellationToken);
        return await ExecuteAsync(connection, MarketTicksTable.InsertStaged, cancellationToken);
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The rows that it touched.</returns>
    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
