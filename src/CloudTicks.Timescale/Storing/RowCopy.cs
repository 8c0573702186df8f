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

    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
