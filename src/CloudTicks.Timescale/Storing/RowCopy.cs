using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>Sends encoded rows in the connection's current transaction.</summary>
internal static class RowCopy
{
    /// <summary>Copies buffers of rows into the table of the statement.</summary>
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

    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
