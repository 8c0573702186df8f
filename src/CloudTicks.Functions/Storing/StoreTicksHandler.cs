using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.Timescale.Storing;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// Stores records of the archive. What the delivery gets wrong, it mends: records delivered again are skipped, records left out (a
/// checkpoint that ran ahead, a database that was put back) are read from the archive first.
/// </summary>
public sealed class StoreTicksHandler(
    SchemaReadiness schema, ArchiveStream archive, TickStore store, DeadLetters deadLetters, StoringOutage outage, TimeProvider time)
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(500);

    /// <summary>After a refusal that only a person can end, such as a wrong password.</summary>
    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Stores a run of records; when it completes they are durable. While the database or the event hub refuses it tries again: a host
    /// may checkpoint a failed batch, and what is left out is noticed only when the partition gets its next record.
    /// </summary>
    /// <param name="cancellationToken">Ends the attempts; what was not stored must be delivered again.</param>
    /// <exception cref="StreamWentBackException">The stream lost records; a person must decide.</exception>
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
                outage.GivenUp(partition);
            }
        }

        // The host puts the partition's next batch together when this ends.
        await store.UntilNextTransactionAsync();
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
                problem is NpgsqlException { IsTransient: false } ? BetweenRefusals : BetweenAttempts, time, cancellationToken);
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
