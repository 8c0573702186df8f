using CloudTicks.EventStream;
using CloudTicks.EventStream.Records;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// Stores records of the archive. What the delivery gets wrong, it mends: records delivered again are skipped, records left out (a
/// checkpoint that ran ahead, a database that was put back) are read from the archive first.
/// </summary>
/// <param name="schema">Holds back until the database is ready.</param>
/// <param name="archive">The stream that the records are of.</param>
/// <param name="store">The table.</param>
/// <param name="deadLetters">Takes what cannot be stored.</param>
/// <param name="time">Waits between attempts.</param>
/// <param name="logger">Told of attempts that failed.</param>
public sealed class StoreTicksHandler(
    SchemaReadiness schema, ArchiveStream archive, TickStore store, DeadLetters deadLetters, TimeProvider time, ILogger<StoreTicksHandler> logger)
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Stores a run of records; when it completes they are durable. While the database or the event hub is away it tries again: a host
    /// may checkpoint a failed batch, and what is left out is noticed only when the partition gets its next record.
    /// </summary>
    /// <param name="partition">Their partition.</param>
    /// <param name="records">The records, by rising offset.</param>
    /// <param name="cancellationToken">Ends the attempts; what was not stored must be delivered again.</param>
    /// <exception cref="StreamWentBackException">The stream lost records; a person must decide.</exception>
    /// <exception cref="NpgsqlException">The database refuses for a reason that does not pass by itself.</exception>
    public async Task StoreAsync(int partition, IReadOnlyList<ArchivedRecord> records, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StoreOnceAsync(partition, records, cancellationToken);
                return;
            }
            catch (Exception problem) when (Passes(problem))
            {
                if (attempt == 1)
                {
                    logger.NotStored(records.Count, partition, problem.Message);
                }

                await Task.Delay(BetweenAttempts, time, cancellationToken);
            }
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

    private static bool Passes(Exception problem) => problem is NpgsqlException { IsTransient: true } or EventStreamException;

    private RefusedRecordsHandler DeadLettersOf(StreamPartition partition) => async (records, cancellationToken) =>
    {
        foreach (var record in records)
        {
            var origin = new RecordOrigin(partition.Topic, partition.Partition, record.Offset);
            await deadLetters.WriteAsync(record.Value, record.Reason, origin, cancellationToken);
        }
    };
}
