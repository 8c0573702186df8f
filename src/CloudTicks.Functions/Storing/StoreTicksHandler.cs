using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.Timescale.Storing;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// Stores records of the archive. Records that were delivered again are skipped. Records that were not delivered, because a checkpoint was
/// ahead or the database was restored, are read from the archive first.
/// </summary>
public sealed class StoreTicksHandler(
    SchemaReadiness schema, ArchiveStream archive, TickStore store, DeadLetters deadLetters, StoringOutage outage, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause after a refusal that only an operator can resolve, such as a wrong password.</summary>
    private static readonly TimeSpan RefusalRetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Stores a run of records, which are durable when the task completes. Retries when the database or the event hub fails: if this call
    /// failed, a host might checkpoint the batch, and its loss would be noticed only when the partition's next record arrives.
    /// </summary>
    /// <param name="cancellationToken">Cancels the attempts; unstored records must be delivered again.</param>
    /// <exception cref="StreamTruncatedException">The stream lost records; an operator must decide.</exception>
    public async Task StoreAsync(int partition, IReadOnlyList<ArchivedRecord> records, CancellationToken cancellationToken)
    {
        var stored = false;
        try
        {
            while (!stored)
            {
                stored = await TryStoreAsync(partition, records, cancellationToken);
            }
        }
        finally
        {
            if (!stored)
            {
                outage.Abandon(partition);
            }
        }

        // The host assembles the partition's next batch when this call completes, so complete shortly before the next transaction.
        await store.WaitForNextTransactionAsync();
    }

    private async Task<bool> TryStoreAsync(int partition, IReadOnlyList<ArchivedRecord> records, CancellationToken cancellationToken)
    {
        try
        {
            await StoreOnceAsync(partition, records, cancellationToken);
            outage.Stored(partition);
            return true;
        }
        catch (Exception problem) when (problem is NpgsqlException or EventStreamException)
        {
            outage.Failed(partition, problem);
            await Task.Delay(
                problem is NpgsqlException { IsTransient: false } ? RefusalRetryDelay : RetryDelay, time, cancellationToken);
            return false;
        }
    }

    private async Task StoreOnceAsync(int partition, IReadOnlyList<ArchivedRecord> records, CancellationToken cancellationToken)
    {
        await schema.WaitAsync(cancellationToken);
        var target = await archive.OpenAsync(partition, cancellationToken);
        var result = await StoreAllAsync(target, records, cancellationToken);
        if (result.SkippedRecords > 0 && await archive.ReopenAsync(partition, cancellationToken) is var now && now != target)
        {
            // The records are not repeats: the stream was replaced, and reuses the offsets.
            await StoreAllAsync(now, records, cancellationToken);
        }
    }

    private async Task<StoreResult> StoreAllAsync(
        StreamPartition target, IReadOnlyList<ArchivedRecord> records, CancellationToken cancellationToken)
    {
        var refusedHandler = DeadLettersOf(target);
        try
        {
            return await store.StoreAsync(target, records, refusedHandler, cancellationToken);
        }
        catch (MissingRecordsException missing)
        {
            var emptyFrom = missing.NextOffset;
            await foreach (var run in archive.ReadMissingAsync(target, missing, cancellationToken))
            {
                emptyFrom = (await store.StoreAsync(target, run, refusedHandler, cancellationToken, emptyFrom)).NextOffset;
            }

            return await store.StoreAsync(target, records, refusedHandler, cancellationToken, emptyFrom);
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
