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
/// Reads ticks of one symbol and kind that are older than the table from the archive. It reads the symbol's partition from the first
/// record that can contain them to the end, because backfilled ticks are stored after newer ones. One request reads at a time. The result
/// of scanning a partition is cached, so that the next scan reads only newer records.
/// </summary>
internal sealed class ArchiveScan(StreamPositions positions, RecordConsumer records, ILogger<ArchiveScan> logger) : IDisposable
{
    /// <summary>The maximum by which the feed's clock may be ahead of the clock that timestamps the records.</summary>
    private const long ClockSlackMs = 300_000;

    private const int MaxCachedScans = 100_000;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<(Symbol Symbol, TickKind Kind), CachedScan> _cachedScans = [];
    private readonly ConcurrentDictionary<Symbol, (long NoneBeforeMs, long SomeBeforeMs)> _oldest = [];

    /// <summary>Whether a record was written before a time. Later records may nevertheless contain older ticks.</summary>
    /// <exception cref="EventStream.EventStreamException">The event hub does not answer.</exception>
    public async Task<bool> HasRecordsBeforeAsync(Symbol symbol, long ms, CancellationToken cancellationToken)
    {
        // Later records are newer, so "no" also holds for every earlier time, and "yes" for every later time.
        var (noneBefore, someBefore) = _oldest.GetValueOrDefault(symbol, (long.MinValue, long.MaxValue));
        if (ms <= noneBefore || ms >= someBefore)
        {
            return ms >= someBefore;
        }

        var stretch = await FindStretchAsync(symbol, ms, cancellationToken);
        var isSome = stretch.Since > stretch.Low;
        _oldest[symbol] = isSome ? (noneBefore, ms) : (ms, someBefore);
        return isSome;
    }

    /// <summary>Passes the ticks of a time range to the sink, including repeats, in the archive's order.</summary>
    /// <returns>The time of the archive's first tick of the symbol and kind, and whether it is known.</returns>
    /// <exception cref="EventStream.EventStreamException">The event hub does not answer.</exception>
    public async Task<(long? FirstMs, bool IsKnown)> ReadAsync(
        TickQuery query, long fromMs, long toMs, ITickSink sink, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var series = (query.Symbol, query.Kind);
            var stretch = await FindStretchAsync(query.Symbol, fromMs - ClockSlackMs, cancellationToken);
            var known = _cachedScans.TryGetValue(series, out var cached) && cached.ScannedTo <= stretch.High ? cached : default;
            var isEarlier = known.FirstMs is { } knownMs && knownMs < toMs;
            // The part already scanned is skipped, unless it has ticks from before the end of the range.
            var start = isEarlier ? stretch.Since : Math.Max(stretch.Since, known.ScannedTo);
            var range = new OffsetRange(stretch.Partition, start, stretch.High);
            var first = await ScanAsync(query, range, fromMs, toMs, sink, cancellationToken);
            var isKnown = start <= Math.Max(stretch.Low, known.ScannedTo);
            if (!isKnown)
            {
                return (null, false);
            }

            Remember(series, new CachedScan(stretch.High, Earlier(first, known.FirstMs)));
            return (_cachedScans[series].FirstMs, true);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Stretch> FindStretchAsync(Symbol symbol, long writtenMs, CancellationToken cancellationToken)
    {
        var watermarks = await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        var partition = symbol.PartitionOf(watermarks.Count);
        var (_, low, high) = watermarks.Single(one => one.Partition == partition);
        if (writtenMs <= 0)
        {
            return new Stretch(partition, low, low, high);
        }

        var since = await positions.GetOffsetsSinceAsync(TopicNames.TickArchive, writtenMs, cancellationToken);
        return new Stretch(partition, low, Math.Clamp(since.GetValueOrDefault(partition, low), low, high), high);
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

    /// <summary>Reads a record; returns the earliest time of the symbol and kind in it.</summary>
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

    /// <param name="ScannedTo">The offset up to which every record has been read, from the oldest one.</param>
    private readonly record struct CachedScan(long ScannedTo, long? FirstMs);

    private readonly record struct Stretch(int Partition, long Low, long Since, long High);
}
