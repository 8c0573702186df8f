using System.Collections.Concurrent;
using CloudTicks.Timescale.Storing.Duplicates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Writes the ticks of archived records into <c>market_ticks</c> exactly once: rows and the partition's offset are written in one
/// transaction, records below the offset are skipped, and repeated ticks become one row. Partitions share transactions.
/// </summary>
public sealed class TickStore : IAsyncDisposable
{
    /// <summary>The maximum wait of a transaction for a lock.</summary>
    internal static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<StreamPartition, PartitionStore> _partitions = new();
    private readonly IOptionsMonitor<TimescaleOptions> _current;
    private readonly TimescaleOptions _options;
    private readonly OffsetFence _offsets;
    private readonly GroupCommit _writer;
    private readonly NewestTick _newest;
    private readonly StoreTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly bool _isWarmUp;

    /// <summary>Creates the store. It connects on the first write.</summary>
    /// <param name="options">Changed options apply to the next transaction, except the number of writers, the number of remembered ticks
    /// and the consumer.</param>
    /// <param name="time">
    /// The clock for the retention window; the time of the newest tick in the table is used instead if it is earlier.
    /// </param>
    /// <param name="logger">Logs the first expired ticks, refused records, and that the database was restored to an earlier state.</param>
    public TickStore(
        NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics, TimeProvider time,
        ILogger<TickStore> logger)
        : this(database, options, metrics, time, logger, isWarmUp: false, DefaultLockTimeout)
    {
    }

    /// <param name="isWarmUp">Whether to roll back each transaction.</param>
    /// <param name="lockTimeout">The maximum wait of a transaction for a lock.</param>
    internal TickStore(
        NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics, TimeProvider time, ILogger logger,
        bool isWarmUp, TimeSpan lockTimeout)
    {
        (_current, _options) = (options, options.CurrentValue);
        (_time, _isWarmUp) = (time, isWarmUp);
        _offsets = new OffsetFence(database, _options.Consumer, lockTimeout);
        _newest = new NewestTick(database);
        var transaction = new TickTransaction(database, _offsets, isWarmUp);
        _writer = new GroupCommit(transaction, new RowRefusalSearch(database), options, metrics, time);
        _telemetry = new StoreTelemetry(metrics, logger);
    }

    /// <summary>Stores consecutive records of one partition. When the call returns, the records are durable in the table.</summary>
    /// <param name="records">Records in order of offset, with no other records of the stream between them.</param>
    /// <param name="refused">
    /// Handles the records that cannot be stored, in whole or in part. The offset moves past them only after the handler has completed. If
    /// this process dies before the offset moves, the records are delivered again.
    /// </param>
    /// <param name="cancellationToken">Cancels the attempt. Transactions are atomic, and the offset shows what was written.</param>
    /// <param name="emptyFrom">
    /// Set only after a <see cref="MissingRecordsException"/>: the caller has checked that the stream has no records from this offset to
    /// the first record.
    /// </param>
    /// <exception cref="ArgumentException">The records are not in order of offset.</exception>
    /// <exception cref="MissingRecordsException">The first record does not follow the stored records. Nothing was written.</exception>
    /// <exception cref="NpgsqlException">
    /// The database does not answer, or refuses a statement for a reason outside the records (full disk, restart, too many connections).
    /// Deliver the same records again.
    /// </exception>
    public Task<StoreResult> StoreAsync(
        StreamPartition partition,
        IReadOnlyList<ArchivedRecord> records,
        RefusedRecordsHandler refused,
        CancellationToken cancellationToken,
        long emptyFrom = long.MaxValue)
    {
        for (var index = 1; index < records.Count; index++)
        {
            if (records[index].Offset <= records[index - 1].Offset)
            {
                throw new ArgumentException(
                    $"Record {records[index].Offset} of {partition} follows record {records[index - 1].Offset}: the offsets must increase.",
                    nameof(records));
            }
        }

        var store = _partitions.GetOrAdd(partition, Open, _isWarmUp ? 0 : (long?)null);
        return store.StoreAsync(records, emptyFrom, refused, cancellationToken);
    }

    /// <summary>Reads the stored offsets of partitions in advance, so that their first records need not wait for the query.</summary>
    /// <param name="stream">The identity of the stream; see <see cref="StreamPartition.Stream"/>.</param>
    /// <returns>The first offset that is not stored, by partition.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<IReadOnlyDictionary<int, long>> OpenAsync(
        string stream, string topic, int[] partitions, CancellationToken cancellationToken)
    {
        var stored = await _offsets.OpenAsync(stream, topic, partitions, cancellationToken);
        await _newest.EnsureReadAsync(cancellationToken);
        foreach (var partition in partitions)
        {
            _partitions.GetOrAdd(new StreamPartition(stream, topic, partition), Open, (long?)stored[partition]);
        }

        return stored;
    }

    /// <summary>
    /// Completes shortly before the next transaction if few rows arrive, and immediately if many or none do. A caller that collects its
    /// records only after this call delays them by one transaction instead of two.
    /// </summary>
    public Task WaitForNextTransactionAsync() => _writer.WaitForNextTransactionAsync();

    /// <summary>Reads the first offset of a partition that is not stored; 0 without stored records.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<long> GetNextOffsetAsync(StreamPartition partition, CancellationToken cancellationToken) =>
        _offsets.ReadAsync(partition, cancellationToken);

    /// <summary>Reads the first offset that is not stored for each partition of a topic.</summary>
    /// <param name="stream">The identity of the stream; see <see cref="StreamPartition.Stream"/>.</param>
    /// <returns>The offsets, by partition; partitions that were never opened are absent.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<int, long>> GetNextOffsetsAsync(string stream, string topic, CancellationToken cancellationToken) =>
        _offsets.ReadAllAsync(stream, topic, cancellationToken);

    /// <summary>
    /// Checks that a stream does not end before the stored records. Call it before a partition is consumed, and after records were skipped:
    /// new records of a stream that lost its end would be mistaken for stored records and skipped.
    /// </summary>
    /// <exception cref="StreamTruncatedException">The stream ends before the stored records.</exception>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task CheckLogEndAsync(StreamPartition partition, long logEnd, CancellationToken cancellationToken)
    {
        var next = await _offsets.ReadAsync(partition, cancellationToken);
        if (logEnd < next)
        {
            throw new StreamTruncatedException(_options.Consumer, partition, next, logEnd);
        }
    }

    /// <summary>
    /// Stops the writers. Waiting callers get <see cref="OperationCanceledException"/>, and open transactions are rolled back.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        foreach (var partition in _partitions.Values)
        {
            partition.Dispose();
        }
    }

    private PartitionStore Open(StreamPartition partition, long? nextOffset) =>
        new(partition, nextOffset, _current, _offsets, _writer, _newest, _telemetry, _time);
}
