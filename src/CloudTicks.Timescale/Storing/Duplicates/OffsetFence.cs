using Npgsql;

namespace CloudTicks.Timescale.Storing.Duplicates;

/// <summary>
/// The stored offset of each partition (<c>stream_offsets</c>). The transaction that inserts the rows also advances the offset; records
/// below the offset are skipped.
/// </summary>
/// <param name="lockTimeout">
/// The maximum wait of a transaction for a lock. A timeout reports the lock, whereas an unlimited wait would look like a server that does
/// not answer.
/// </param>
internal sealed class OffsetFence(NpgsqlDataSource database, string consumer, TimeSpan lockTimeout)
{
    private const string EnsureRow =
        "INSERT INTO stream_offsets (consumer, stream, topic, partition, next_offset) VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING";

    private const string EnsureRows =
        """
        INSERT INTO stream_offsets (consumer, stream, topic, partition, next_offset)
        SELECT $1, $2, $3, p, 0 FROM unnest($4::integer[]) p ORDER BY p ON CONFLICT DO NOTHING
        """;

    private const string ReadRow =
        "SELECT next_offset FROM stream_offsets WHERE consumer = $1 AND stream = $2 AND topic = $3 AND partition = $4";

    private const string ReadRows = "SELECT partition, next_offset FROM stream_offsets WHERE consumer = $1 AND stream = $2 AND topic = $3";

    /// <summary>
    /// Locks the offset rows. Every writer locks in the same order, so that two programs with the same partitions do not deadlock.
    /// </summary>
    private const string LockRows =
        """
        SELECT stream, topic, partition, next_offset FROM stream_offsets
        WHERE consumer = $1 AND (stream, topic, partition) IN (SELECT * FROM unnest($2::text[], $3::text[], $4::integer[]))
        ORDER BY stream, topic, partition FOR UPDATE OF stream_offsets
        """;

    private const string AdvanceRows =
        """
        UPDATE stream_offsets o SET next_offset = w.next_offset
        FROM unnest($2::text[], $3::text[], $4::integer[], $5::bigint[], $6::bigint[]) AS w (stream, topic, partition, expected,
            next_offset)
        WHERE o.consumer = $1 AND o.stream = w.stream AND o.topic = w.topic AND o.partition = w.partition AND o.next_offset = w.expected
        """;

    private readonly string _setLockTimeout = $"SET LOCAL lock_timeout = {(int)lockTimeout.TotalMilliseconds}";

    /// <summary>Reads the first offset that is not stored; 0 for a new partition.</summary>
    public async Task<long> ReadAsync(StreamPartition partition, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (string[])[EnsureRow, ReadRow])
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = consumer },
                    new NpgsqlParameter<string> { TypedValue = partition.Stream },
                    new NpgsqlParameter<string> { TypedValue = partition.Topic },
                    new NpgsqlParameter<int> { TypedValue = partition.Partition },
                },
            });
        }

        return (long)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Reads the offsets of many partitions, and adds rows for new partitions.</summary>
    public async Task<IReadOnlyDictionary<int, long>> OpenAsync(
        string stream, string topic, int[] partitions, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(EnsureRows);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = consumer });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = topic });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = partitions });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await ReadAllAsync(stream, topic, cancellationToken);
    }

    /// <summary>Reads the first offset that is not stored, by partition. Unknown partitions are absent.</summary>
    public async Task<IReadOnlyDictionary<int, long>> ReadAllAsync(string stream, string topic, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ReadRows);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = consumer });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = topic });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var offsets = new Dictionary<int, long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            offsets.Add(reader.GetInt32(0), reader.GetInt64(1));
        }

        return offsets;
    }

    /// <summary>
    /// Locks the partitions' offset rows for the transaction, and advances those that are at the expected offset. Returns for each write
    /// whether its partition was at the expected offset.
    /// </summary>
    public async Task<bool[]> AdvanceAsync(
        NpgsqlConnection connection, IReadOnlyList<PendingWrite> writes, CancellationToken cancellationToken)
    {
        var (lockRows, advanceRows) = (new NpgsqlBatchCommand(LockRows), new NpgsqlBatchCommand(AdvanceRows));
        await using var batch =
            new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(_setLockTimeout), lockRows, advanceRows } };
        foreach (var command in (NpgsqlBatchCommand[])[lockRows, advanceRows])
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = consumer });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. writes.Select(write => write.Partition.Stream)] });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. writes.Select(write => write.Partition.Topic)] });
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. writes.Select(write => write.Partition.Partition)] });
        }

        advanceRows.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. writes.Select(write => write.ExpectedOffset)] });
        advanceRows.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. writes.Select(write => write.NextOffset)] });
        var found = new Dictionary<StreamPartition, long>(writes.Count);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add(new StreamPartition(reader.GetString(0), reader.GetString(1), reader.GetInt32(2)), reader.GetInt64(3));
            }
        }

        return [.. writes.Select(write => found.TryGetValue(write.Partition, out var offset) && offset == write.ExpectedOffset)];
    }
}
