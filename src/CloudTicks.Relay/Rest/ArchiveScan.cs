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
/// Reads the ticks of one symbol and kind that are older than the table out of the archive: its partition from the first record that can
/// hold them to the end, because what was fetched back stands behind younger ticks. One request reads at a time; what a reading of the
/// whole partition learned is remembered, so that the next one reads only what came since.
/// </summary>
internal sealed class ArchiveScan(StreamPositions positions, RecordConsumer records, ILogger<ArchiveScan> logger) : IDisposable
{
    /// <summary>A feed's clock may be ahead of the one that dates the records.</summary>
    private const long ClockSlackMs = 300_000;

    private const int MaxRemembered = 100_000;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<(Symbol Symbol, TickKind Kind), Memory> _remembered = [];
    private readonly ConcurrentDictionary<Symbol, (long NoneBeforeMs, long SomeBeforeMs)> _oldest = [];

    /// <summary>Whether a record was written before a time; older ticks may have been archived later all the same.</summary>
    /// <exception cref="EventStream.EventStreamException">The event hub does not answer.</exception>
    public async Task<bool> HasRecordsBeforeAsync(Symbol symbol, long ms, CancellationToken cancellationToken)
    {
        // What is written from now on is younger: an answer holds for every earlier time, or for every later one.
        var (noneBefore, someBefore) = _oldest.GetValueOrDefault(symbol, (long.MinValue, long.MaxValue));
        if (ms <= noneBefore || ms >= someBefore)
        {
            return ms >= someBefore;
        }

        var stretch = await StretchAsync(symbol, ms, cancellationToken);
        var isSome = stretch.Since > stretch.Low;
        _oldest[symbol] = isSome ? (noneBefore, ms) : (ms, someBefore);
        return isSome;
    }

    /// <summary>Hands over the ticks of a time, repeats too, in the order of the archive.</summary>
    /// <returns>When the first tick of the symbol and kind in the archive was, and whether that is known.</returns>
    /// <exception cref="EventStream.EventStreamException">The event hub does not answer.</exception>
    public async Task<(long? FirstMs, bool IsKnown)> ReadAsync(
        TickQuestion question, long fromMs, long toMs, ITickSink sink, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var series = (question.Symbol, question.Kind);
            var stretch = await StretchAsync(question.Symbol, fromMs - ClockSlackMs, cancellationToken);
            var known = _remembered.TryGetValue(series, out var memory) && memory.ScannedTo <= stretch.High ? memory : default;
            var isEarlier = known.FirstMs is { } knownMs && knownMs < toMs;
            // What it remembers has nothing before that time, or the whole of it is read again.
            var start = isEarlier ? stretch.Since : Math.Max(stretch.Since, known.ScannedTo);
            var range = new OffsetRange(stretch.Partition, start, stretch.High);
            var first = await ScanAsync(question, range, fromMs, toMs, sink, cancellationToken);
            var isKnown = start <= Math.Max(stretch.Low, known.ScannedTo);
            if (!isKnown)
            {
                return (null, false);
            }

            Remember(series, new Memory(stretch.High, Earlier(first, known.FirstMs)));
            return (_remembered[series].FirstMs, true);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Stretch> StretchAsync(Symbol symbol, long writtenMs, CancellationToken cancellationToken)
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
        TickQuestion question, OffsetRange range, long fromMs, long toMs, ITickSink sink, CancellationToken cancellationToken)
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
                // To its end before the first tick is taken, as StoreTicks does: which of its ticks can be believed is unknown.
                if (Take(reader, record.Value, question, fromMs, toMs, null) is { } found)
                {
                    Take(reader, record.Value, question, fromMs, toMs, sink);
                    first = Earlier(first, found);
                }
            }
            catch (TickBatchFormatException fault)
            {
                logger.RecordLeftOut(record.Origin.Partition, record.Origin.Offset, fault.Message);
            }
        }

        return first;
    }

    /// <summary>Reads a record; returns the earliest time of the symbol and kind in it.</summary>
    private static long? Take(
        TickBatchReader reader, ReadOnlyMemory<byte> record, TickQuestion question, long fromMs, long toMs, ITickSink? sink)
    {
        long? first = null;
        var tick = default(Tick);
        reader.Open(record);
        if (!reader.MayContain(question.Symbol))
        {
            return null;
        }

        while (reader.TryRead(ref tick))
        {
            if (tick.Kind != question.Kind || !tick.Symbol.Equals(question.Symbol))
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

    private void Remember((Symbol Symbol, TickKind Kind) series, Memory memory)
    {
        if (_remembered.Count >= MaxRemembered)
        {
            _remembered.Clear();
        }

        _remembered[series] = memory;
    }

    private static long? Earlier(long? one, long? other) => one is null || other < one ? other ?? one : one;

    /// <param name="ScannedTo">From the oldest record to this offset every tick of the series was seen.</param>
    private readonly record struct Memory(long ScannedTo, long? FirstMs);

    private readonly record struct Stretch(int Partition, long Low, long Since, long High);
}
