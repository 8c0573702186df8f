using System.Collections.Concurrent;
using CloudTicks.Timescale.Storing.Duplicates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Writes the ticks of archived records into <c>market_ticks</c>, exactly once: rows and the partition's offset move in one transaction,
/// records below the offset are skipped whoever delivers them, and repeated ticks are one row. Partitions that are stored at the same
/// time share transactions.
/// </summary>
public sealed class TickStore : IAsyncDisposable
{
    private readonly ConcurrentDictionary<StreamPartition, PartitionStore> _partitions = new();
    private readonly IOptionsMonitor<TimescaleOptions> _current;
    private readonly TimescaleOptions _options;
    private readonly OffsetFence _offsets;
    private readonly GroupCommit _writer;
    private readonly NewestTick _newest;
    private readonly StoreTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly bool _rehearses;

    /// <summary>Makes the store; its connections are opened when there is something to write.</summary>
    /// <param name="options">Bounds, as they are at the start, and the retention window, which may change.</param>
    /// <param name="time">Tells which ticks are older than the retention window, unless the newest tick in the table is behind it.</param>
    /// <param name="logger">Told of the first of each kind that is not stored.</param>
    public TickStore(
        NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics, TimeProvider time,
        ILogger<TickStore> logger)
        : this(database, options, metrics, time, logger, rehearses: false)
    {
    }

    /// <param name="rehearses">Does all that a store does, and rolls each transaction back.</param>
    internal TickStore(
        NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimescaleMetrics metrics, TimeProvider time, ILogger logger,
        bool rehearses)
    {
        (_current, _options) = (options, options.CurrentValue);
        (_time, _rehearses) = (time, rehearses);
        _offsets = new OffsetFence(database, _options.Consumer);
        _newest = new NewestTick(database);
        var transaction = new TickTransaction(database, _offsets, rehearses);
        _writer = new GroupCommit(transaction, new RowRefusalSearch(database), options, metrics, time);
        _telemetry = new StoreTelemetry(metrics, logger);
    }

    /// <summary>Stores a run of records of one partition. When it returns, they are durable in the table.</summary>
    /// <param name="records">Records by rising offset, with no other records of the stream between them.</param>
    /// <param name="refused">
    /// Takes the records that cannot be stored, in whole or in part; it must complete before the offset moves past them. They may come
    /// again when this process dies in between.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt; then nothing is half-written, and what is written is known by the offset.</param>
    /// <param name="emptyFrom">
    /// When the stream was looked at after a <see cref="MissingRecordsException"/>: it holds no record from this offset to the first one.
    /// </param>
    /// <exception cref="MissingRecordsException">The first record is not the one behind what is stored; nothing was written.</exception>
    /// <exception cref="NpgsqlException">
    /// The database does not answer, or refuses to work for a reason that is not in the records (its disk is full, it restarts, too many
    /// connections). Deliver the same records again.
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
                    $"Record {records[index].Offset} of {partition} stands behind record {records[index - 1].Offset}.", nameof(records));
            }
        }

        var store = _partitions.GetOrAdd(partition, Open, _rehearses ? 0 : (long?)null);
        return store.StoreAsync(records, emptyFrom, refused, cancellationToken);
    }

    /// <summary>Looks how far partitions of a topic are stored, so that the first records of each need not wait for it.</summary>
    /// <param name="stream">Which stream it is; see <see cref="StreamPartition.Stream"/>.</param>
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
    /// Completes shortly before the next transaction begins when few rows come, and at once when many do or none came lately. Records
    /// that are put together behind it wait for one transaction, those before it for two.
    /// </summary>
    public Task UntilNextTransactionAsync() => _writer.UntilNextAsync();

    /// <summary>The first offset of a partition that is not stored; 0 when nothing is.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<long> GetNextOffsetAsync(StreamPartition partition, CancellationToken cancellationToken) =>
        _offsets.ReadAsync(partition, cancellationToken);

    /// <summary>The first offset that is not stored, by partition of a topic.</summary>
    /// <param name="stream">Which stream it is; see <see cref="StreamPartition.Stream"/>.</param>
    /// <returns>The offsets; partitions of which nothing was ever stored are left out.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<int, long>> GetNextOffsetsAsync(string stream, string topic, CancellationToken cancellationToken) =>
        _offsets.ReadAllAsync(stream, topic, cancellationToken);

    /// <summary>
    /// Checks that a stream still holds all that is stored. Ask before a partition is consumed, and whenever records were skipped: a
    /// stream that lost its end would have new records taken for old ones.
    /// </summary>
    /// <exception cref="StreamWentBackException">The stream ends before what is stored.</exception>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task CheckLogEndAsync(StreamPartition partition, long logEnd, CancellationToken cancellationToken)
    {
        var next = await _offsets.ReadAsync(partition, cancellationToken);
        if (logEnd < next)
        {
            throw new StreamWentBackException(_options.Consumer, partition, next, logEnd);
        }
    }

    /// <summary>Stops the writers. Waiting callers get <see cref="OperationCanceledException"/>, and no transaction stays.</summary>
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
