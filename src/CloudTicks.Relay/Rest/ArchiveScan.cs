using System.Collections.Concurrent;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Relay.Rest;

/// <summary>
/// Reads from the archive the ticks of one symbol and kind that are older than the table. A scan reads the symbol's partition from the
/// first record that can contain such ticks to the end, because backfilled ticks are stored after newer ones. Only one request scans at a
/// time. The earliest time found is cached. If a later request for the same symbol and kind ends before this time, its scan skips the
/// records that were already scanned.
/// </summary>
internal sealed class ArchiveScan(StreamPositions positions, RecordConsumer records, ILogger<ArchiveScan> logger) : IDisposable
{
    /// <summary>The maximum by which the feed's clock may be ahead of the clock that timestamps the records.</summary>
    private const long ClockSlackMs = 300_000;

    private const int MaxCachedScans = 100_000;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<(Symbol Symbol, TickKind Kind), CachedScan> _cachedScans = [];
    private readonly ConcurrentDictionary<Symbol, (long NoneBeforeMs, long SomeBeforeMs)> _oldest = [];

    /// <summary>Whether the symbol's partition has records written before a time. Later records may still contain older ticks.</summary>
    /// <exception cref="EventStream.EventStreamException">The event hub does not answer.</exception>
    public async Task<bool> HasRecordsBeforeAsync(Symbol symbol, long ms, CancellationToken cancellationToken)
    {
        // A cached "no" also holds for every earlier time, and a cached "yes" for every later time.
        var (noneBefore, someBefore) = _oldest.GetValueOrDefault(symbol, (long.MinValue, long.MaxValue));
        if (ms <= noneBefore || ms >= someBefore)
        {
            return ms >= someBefore;
        }

        var bounds = await FindRangeAsync(symbol, ms, cancellationToken);
        var hasRecords = bounds.Since > bounds.Low;
        _oldest[symbol] = hasRecords ? (noneBefore, ms) : (ms, someBefore);
        return hasRecords;
    }

    /// <summary>Passes the ticks of a time range to the sink, including repeats, in the archive's order.</summary>
    /// <returns>
    /// The time of the archive's first tick of the symbol and kind, and whether that time is known: it is unknown if older records were not
    /// read. The time is null if it is unknown, or if the archive has no such tick.
    /// </returns>
    /// <exception cref="EventStream.EventStreamException">The event hub does not answer.</exception>
    public async Task<(long? FirstMs, bool IsKnown)> ReadAsync(
        TickQuery query, long fromMs, long toMs, ITickSink sink, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var series = (query.Symbol, query.Kind);
            var bounds = await FindRangeAsync(query.Symbol, fromMs - ClockSlackMs, cancellationToken);
            var known = _cachedScans.TryGetValue(series, out var cached) && cached.ScannedTo <= bounds.High ? cached : default;
            var isEarlier = known.FirstMs is { } knownMs && knownMs < toMs;
            // Skip records already scanned, unless they have ticks from before the end of the range.
            var start = isEarlier ? bounds.Since : Math.Max(bounds.Since, known.ScannedTo);
            var range = new OffsetRange(bounds.Partition, start, bounds.High);
            var first = await ScanAsync(query, range, fromMs, toMs, sink, cancellationToken);
            var isKnown = start <= Math.Max(bounds.Low, known.ScannedTo);
            if (!isKnown)
            {
                return (null, false);
            }

            Remember(series, new CachedScan(bounds.High, Earlier(first, known.FirstMs)));
            return (_cachedScans[series].FirstMs, true);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<PartitionRange> FindRangeAsync(Symbol symbol, long writtenMs, CancellationToken cancellationToken)
    {
        var watermarks = await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        var partition = symbol.PartitionOf(watermarks.Count);
        var (_, low, high) = watermarks.Single(one => one.Partition == partition);
        if (writtenMs <= 0)
        {
            return new PartitionRange(partition, low, low, high);
        }

        var since = await positions.GetOffsetsSinceAsync(TopicNames.TickArchive, writtenMs, cancellationToken);
        return new PartitionRange(partition, low, Math.Clamp(since.GetValueOrDefault(partition, low), low, high), high);
    }

    private async Task<long?> ScanAsync(
        TickQuery query, OffsetRange range, long fromMs, long toMs, ITickSink sink, CancellationToken cancellationToken)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        long? first = null;
        await foreach (var record in records.ReadAsync(TopicNames.TickArchive, [range], cancellationToken))
        {
            if (GapRecord.IsGap(record.Value.Span))
            {
                continue;
            }

            try
            {
                // Read the whole record before its first tick is used, as StoreTicks does: no tick of a damaged record can be trusted.
                if (ReadRecord(reader, record.Value, query, fromMs, toMs, null) is { } found)
                {
                    ReadRecord(reader, record.Value, query, fromMs, toMs, sink);
                    first = Earlier(first, found);
                }
            }
            catch (TickBatchFormatException fault)
            {
                logger.RecordSkipped(record.Origin.Partition, record.Origin.Offset, fault.Message);
            }
        }

        return first;
    }

    /// <summary>Reads a record, and returns the earliest time of its ticks of the symbol and kind.</summary>
    private static long? ReadRecord(
        TickBatchReader reader, ReadOnlyMemory<byte> record, TickQuery query, long fromMs, long toMs, ITickSink? sink)
    {
        long? first = null;
        var tick = default(Tick);
        reader.Open(record);
        if (!reader.MayContain(query.Symbol))
        {
            return null;
        }

        while (reader.TryRead(ref tick))
        {
            if (tick.Kind != query.Kind || !tick.Symbol.Equals(query.Symbol))
            {
                continue;
            }

            first = Earlier(first, tick.TimestampMs);
            if (tick.TimestampMs >= fromMs && tick.TimestampMs < toMs)
            {
                sink?.Add(tick, TickIdentity.Of(tick), mayRepeat: true);
            }
        }

        return first;
    }

    private void Remember((Symbol Symbol, TickKind Kind) series, CachedScan cached)
    {
        if (_cachedScans.Count >= MaxCachedScans)
        {
            _cachedScans.Clear();
        }

        _cachedScans[series] = cached;
    }

    private static long? Earlier(long? one, long? other) => one is null || other < one ? other ?? one : one;

    /// <param name="ScannedTo">The offset up to which all records have been read, beginning with the oldest.</param>
    private readonly record struct CachedScan(long ScannedTo, long? FirstMs);

    private readonly record struct PartitionRange(int Partition, long Low, long Since, long High);
}
