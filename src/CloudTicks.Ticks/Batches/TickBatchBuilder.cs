using System.Diagnostics;

namespace CloudTicks.Ticks.Batches;

/// <summary>
/// Packs the ticks of one partition into the bytes of a TickBatch record (<c>tick_batch.proto</c>). Each tick is encoded as it is
/// added; <see cref="ToRecord"/> only joins the columns. An instance is reused for many batches. It is not thread-safe.
/// </summary>
/// <param name="partition">The partition of all ticks, 0 or more.</param>
public sealed class TickBatchBuilder(int partition, TickSource source)
{
    /// <summary>The format version that this builder writes.</summary>
    public const int FormatVersion = 1;

    /// <summary>Maximum size of a record, in bytes. Flush before a batch exceeds it.</summary>
    public const int MaxRecordBytes = 256 * 1024;

    /// <summary>Maximum size of a tick, in bytes, including its symbol's entry in the dictionary.</summary>
    public const int MaxTickBytes = 2048;

    private const int ColumnCount = (int)TickBatchColumn.Flags + 1;

    private readonly ColumnWriter[] _columns = new ColumnWriter[ColumnCount];
    private readonly Dictionary<Symbol, uint> _symbols = [];
    private ColumnWriter _symbolNames;
    private ColumnWriter _symbolMarkets;
    private long _lastTimestampMs;
    private long _lastReceivedMs;

    /// <summary>The number of ticks added since the last clear.</summary>
    public int Count { get; private set; }

    /// <summary>Encoded size of the added ticks in bytes, without the columns' tags and lengths and the leading numbers.</summary>
    public int ContentBytes { get; private set; }

    /// <summary>Whether a tick of maximum size still fits into the record.</summary>
    public bool HasRoom => ContentBytes <= MaxRecordBytes - MaxTickBytes - FrameBytes;

    // An upper bound for the other bytes of a record: tag and length of every column, and the four leading numbers.
    private const int FrameBytes = (ColumnCount * (2 + 5)) + 32;

    /// <summary>Adds a tick. The caller must have checked it.</summary>
    public void Add(scoped in Tick tick)
    {
        var before = Count == 0 ? 0 : ContentBytes;
        if (!_symbols.TryGetValue(tick.Symbol, out var index))
        {
            index = AddSymbol(tick.Symbol);
        }

        var fields = tick.Fields & TickFields.All;
        WriteUnsigned(TickBatchColumn.SymbolIndex, index);
        WriteUnsigned(TickBatchColumn.Kind, (ulong)tick.Kind);
        WriteUnsigned(TickBatchColumn.Fields, (ulong)fields);
        WriteSigned(TickBatchColumn.TimestampMsDelta, tick.TimestampMs - _lastTimestampMs);
        WriteSigned(TickBatchColumn.ReceivedMsDelta, tick.ReceivedMs - _lastReceivedMs);
        _lastTimestampMs = tick.TimestampMs;
        _lastReceivedMs = tick.ReceivedMs;
        Decimal(fields, TickFields.Bid, TickBatchColumn.BidMantissa, tick.Bid);
        Decimal(fields, TickFields.Ask, TickBatchColumn.AskMantissa, tick.Ask);
        Decimal(fields, TickFields.BidSize, TickBatchColumn.BidSizeMantissa, tick.BidSize);
        Decimal(fields, TickFields.AskSize, TickBatchColumn.AskSizeMantissa, tick.AskSize);
        Decimal(fields, TickFields.Price, TickBatchColumn.PriceMantissa, tick.Price);
        Decimal(fields, TickFields.Size, TickBatchColumn.SizeMantissa, tick.Size);
        // Most currency quotes have no rare field, so this one check usually saves twelve.
        if ((fields & ~(TickFields.Bid | TickFields.Ask | TickFields.Exchange)) != 0)
        {
            AddRareFields(tick, fields);
        }

        Number(fields, TickFields.Exchange, TickBatchColumn.Exchange, tick.Exchange);
        Count++;
        Debug.Assert(ContentBytes - before <= MaxTickBytes, "A tick exceeds MaxTickBytes.");
    }

    /// <summary>Returns the record.</summary>
    /// <exception cref="InvalidOperationException">No tick was added.</exception>
    public byte[] ToRecord()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("A TickBatch needs at least one tick.");
        }

        var writer = new RecordWriter(RecordBytes());
        writer.Number(1, FormatVersion);
        writer.Number(2, (ulong)partition);
        writer.Number(3, (ulong)source);
        writer.Number(4, (ulong)Count);
        writer.Raw(_symbolNames.Written);
        writer.Bytes(6, _symbolMarkets.Written);
        for (var column = 0; column < ColumnCount; column++)
        {
            if (_columns[column].Length > 0)
            {
                writer.Bytes(column, _columns[column].Written);
            }
        }

        return writer.ToRecord();
    }

    /// <summary>Removes all ticks, ready for the next batch.</summary>
    public void Clear()
    {
        foreach (ref var column in _columns.AsSpan())
        {
            column.Clear();
        }

        _symbols.Clear();
        _symbolNames.Clear();
        _symbolMarkets.Clear();
        (_lastTimestampMs, _lastReceivedMs, Count, ContentBytes) = (0, 0, 0, 0);
    }

    private int RecordBytes()
    {
        var bytes = RecordWriter.NumberSize(1, FormatVersion) + RecordWriter.NumberSize(2, (ulong)partition)
            + RecordWriter.NumberSize(3, (ulong)source) + RecordWriter.NumberSize(4, (ulong)Count)
            + _symbolNames.Length + RecordWriter.BytesSize(6, _symbolMarkets.Length);
        for (var column = 0; column < ColumnCount; column++)
        {
            bytes += _columns[column].Length > 0 ? RecordWriter.BytesSize(column, _columns[column].Length) : 0;
        }

        return bytes;
    }

    private uint AddSymbol(Symbol symbol)
    {
        var index = (uint)_symbols.Count;
        _symbols.Add(symbol, index);
        var before = _symbolNames.Length + _symbolMarkets.Length;
        _symbolNames.AddUnsigned(RecordWriter.BytesTag(5));
        _symbolNames.AddUnsigned((ulong)symbol.Utf8.Length);
        _symbolNames.AddBytes(symbol.Utf8);
        _symbolMarkets.AddUnsigned((ulong)symbol.Market);
        ContentBytes += _symbolNames.Length + _symbolMarkets.Length - before;
        return index;
    }

    private void AddRareFields(scoped in Tick tick, TickFields fields)
    {
        Number(fields, TickFields.BidExchange, TickBatchColumn.BidExchange, tick.BidExchange);
        Number(fields, TickFields.AskExchange, TickBatchColumn.AskExchange, tick.AskExchange);
        Number(fields, TickFields.Sequence, TickBatchColumn.Sequence, tick.Sequence);
        Number(fields, TickFields.TrfId, TickBatchColumn.TrfId, tick.TrfId);
        Number(fields, TickFields.ParticipantMs, TickBatchColumn.ParticipantMsDelta, tick.ParticipantMs - tick.TimestampMs);
        Number(fields, TickFields.TrfMs, TickBatchColumn.TrfMsDelta, tick.TrfMs - tick.TimestampMs);
        Number(fields, TickFields.VendorReceivedMs, TickBatchColumn.VendorReceivedMsDelta, tick.VendorReceivedMs - tick.TimestampMs);
        if ((fields & TickFields.Tape) != 0)
        {
            WriteUnsigned(TickBatchColumn.Tape, (uint)tick.Tape);
        }

        if ((fields & TickFields.Flags) != 0)
        {
            WriteUnsigned(TickBatchColumn.Flags, (uint)tick.Flags);
        }

        if ((fields & TickFields.TradeId) != 0)
        {
            WriteUnsigned(TickBatchColumn.TradeIdLength, (uint)tick.TradeId.Length);
            _columns[(int)TickBatchColumn.TradeIds].AddBytes(tick.TradeId);
            ContentBytes += tick.TradeId.Length;
        }

        List(fields, TickFields.Conditions, TickBatchColumn.ConditionCount, tick.Conditions);
        List(fields, TickFields.Indicators, TickBatchColumn.IndicatorCount, tick.Indicators);
    }

    private void Decimal(TickFields fields, TickFields field, TickBatchColumn mantissa, Price value)
    {
        if ((fields & field) != 0)
        {
            WriteSigned(mantissa, value.Mantissa);
            WriteUnsigned(mantissa + 1, (uint)value.Scale);
        }
    }

    private void Number(TickFields fields, TickFields field, TickBatchColumn column, long value)
    {
        if ((fields & field) != 0)
        {
            WriteSigned(column, value);
        }
    }

    private void List(TickFields fields, TickFields field, TickBatchColumn counts, ReadOnlySpan<int> values)
    {
        if ((fields & field) == 0)
        {
            return;
        }

        WriteUnsigned(counts, (uint)values.Length);
        foreach (var value in values)
        {
            WriteSigned(counts + 1, value);
        }
    }

    private void WriteSigned(TickBatchColumn column, long value) => WriteUnsigned(column, Varint.ZigZag(value));

    private void WriteUnsigned(TickBatchColumn column, ulong value)
    {
        ref var writer = ref _columns[(int)column];
        var before = writer.Length;
        writer.AddUnsigned(value);
        ContentBytes += writer.Length - before;
    }
}
