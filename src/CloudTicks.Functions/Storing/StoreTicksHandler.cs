using CloudTicks.EventStream.Records;
using CloudTicks.Timescale.Storing;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// Stores records of the archive. What the delivery gets wrong, it mends: records delivered again are skipped, records left out (a
/// checkpoint that ran ahead, a database that was put back) are read from the archive first.
/// </summary>
/// <param name="schema">Holds back until the database is ready.</param>
/// <param name="archive">The stream that the records are of.</param>
/// <param name="store">The table.</param>
/// <param name="deadLetters">Takes what cannot be stored.</param>
public sealed class StoreTicksHandler(SchemaReadiness schema, ArchiveStream archive, TickStore store, DeadLetters deadLetters)
{
    /// <summary>Stores a run of records; when it completes they are durable.</summary>
    /// <param name="partition">Their partition.</param>
    /// <param name="records">The records, by rising offset.</param>
    /// <param name="cancellationToken">Ends the attempt; what was not stored must be delivered again.</param>
    public async Task StoreAsync(int partition, IReadOnlyList<ArchivedRecord> records, CancellationToken cancellationToken)
    {
        await schema.WaitAsync(cancellationToken);
        var target = await archive.OpenAsync(partition, cancellationToken);
        var result = await StoreAllAsync(target, records, cancellationToken);
        if (result.SkippedRecords > 0 && await archive.ReopenAsync(partition, cancellationToken) is var now && now != target)
        {
            // They were not delivered again: the stream was made anew, and its offsets only look familiar.
            await StoreAllAsync(now, records, cancellationToken);
        }
    }

    private async Task<StoreResult> StoreAllAsync(
        StreamPartition target, IReadOnlyList<ArchivedRecord> records, CancellationToken cancellationToken)
    {
        var refused = DeadLettersOf(target);
        try
        {
            return await store.StoreAsync(target, records, refused, cancellationToken);
        }
        catch (MissingRecordsException missing)
        {
            var emptyFrom = missing.NextOffset;
            await foreach (var run in archive.ReadMissingAsync(target, missing, cancellationToken))
            {
                emptyFrom = (await store.StoreAsync(target, run, refused, cancellationToken, emptyFrom)).NextOffset;
            }

            return await store.StoreAsync(target, records, refused, cancellationToken, emptyFrom);
        }
    }

    private RefusedRecordsHandler DeadLettersOf(StreamPartition partition) => async (records, cancellationToken) =>
    {
        foreach (var record in records)
        {
            var origin = new RecordOrigin(partition.Topic, partition.Partition, record.Offset);
            await deadLetters.WriteAsync(record.Value, record.Reason, origin, cancellationToken);
        }
    };
}
