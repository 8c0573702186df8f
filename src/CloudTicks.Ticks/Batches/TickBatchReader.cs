namespace CloudTicks.Ticks.Batches;

/// <summary>
/// Reads the ticks of a TickBatch record in order, without allocating for known symbols. An instance is reused for many records.
/// It is not thread-safe. Records are untrusted input: every length and index is checked.
/// </summary>
/// <param name="symbols">Symbols of earlier records, shared between readers of one thread.</param>
public sealed class TickBatchReader(SymbolDictionary symbols)
{
    private const int LastColumn = (int)TickBatchColumn.Flags;

    private readonly ColumnReader[] _columns = new ColumnReader[LastColumn + 1];
    private readonly int[] _conditions = new int[Tick.MaxListLength];
    private readonly int[] _indicators = new int[Tick.MaxListLength];
    private readonly List<Symbol> _batchSymbols = [];
    private ReadOnlyMemory<byte> _record;
    private long _lastTimestampMs;
    private long _lastReceivedMs;

    /// <summary>The partition that all ticks of the record belong to.</summary>
    public int Partition { get; private set; }

    /// <summary>How the ticks entered the system.</summary>
    public TickSource Source { get; private set; }

    /// <summary>The number of ticks in the record.</summary>
    public int Count { get; private set; }

    /// <summary>The number of ticks read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Starts reading a record. Its bytes must not change while its ticks are in use.</summary>
    /// <exception cref="TickBatchFormatException">The record is damaged, or is not a TickBatch of a known version.</exception>
    public void Open(ReadOnlyMemory<byte> record)
    {
        var frame = TickBatchFrame.Parse(record.Span, _columns);
        (_record, Partition, Source, Count, Position) = (record, frame.Partition, frame.Source, frame.TickCount, 0);
        (_lastTimestampMs, _lastReceivedMs) = (0, 0);
        ReadSymbols(record.Span, frame);
    }

    /// <summary>Whether the record may hold ticks of a symbol.</summary>
    public bool MayContain(Symbol symbol) => _batchSymbols.Contains(symbol);

    /// <summary>Reads the next tick.</summary>
    /// <param name="tick">The tick; its spans are valid until the next call.</param>
    /// <returns>False after the last tick.</returns>
    /// <exception cref="TickBatchFormatException">The record is damaged.</exception>
    public bool TryRead(ref Tick tick)
    {
        if (Position == Count)
        {
            return false;
        }

        var record = _record.Span;
        var index = ReadUnsigned(record, TickBatchColumn.SymbolIndex);
        if (index >= (ulong)_batchSymbols.Count)
        {
            throw new TickBatchFormatException($"Tick {Position} refers to symbol {index}, but the record has only {_batchSymbols.Count}.");
        }

        tick = default;
        tick.Symbol = _batchSymbols[(int)index];
        tick.Kind = ReadKind(record);
        tick.Fields = (TickFields)ReadUnsigned(record, TickBatchColumn.Fields);
        if ((tick.Fields & ~TickFields.All) != 0)
        {
            throw new TickBatchFormatException($"Tick {Position} has fields 0x{(int)tick.Fields:x}, unknown to this version.");
        }

        tick.TimestampMs = _lastTimestampMs += ReadSigned(record, TickBatchColumn.TimestampMsDelta);
        tick.ReceivedMs = _lastReceivedMs += ReadSigned(record, TickBatchColumn.ReceivedMsDelta);
        tick.Bid = Decimal(record, tick.Fields, TickFields.Bid, TickBatchColumn.BidMantissa);
        tick.Ask = Decimal(record, tick.Fields, TickFields.Ask, TickBatchColumn.AskMantissa);
        tick.BidSize = Decimal(record, tick.Fields, TickFields.BidSize, TickBatchColumn.BidSizeMantissa);
        tick.AskSize = Decimal(record, tick.Fields, TickFields.AskSize, TickBatchColumn.AskSizeMantissa);
        tick.Price = Decimal(record, tick.Fields, TickFields.Price, TickBatchColumn.PriceMantissa);
        tick.Size = Decimal(record, tick.Fields, TickFields.Size, TickBatchColumn.SizeMantissa);
        tick.Exchange = Int32(record, tick.Fields, TickFields.Exchange, TickBatchColumn.Exchange);
        if ((tick.Fields & ~(TickFields.Bid | TickFields.Ask | TickFields.Exchange)) != 0)
        {
            ReadRareFields(record, ref tick);
        }

        Position++;
        return true;
    }

    private void ReadSymbols(ReadOnlySpan<byte> record, TickBatchFrame frame)
    {
        _batchSymbols.Clear();
        var names = frame.SymbolNames;
        var markets = new ColumnReader(frame.MarketsStart, frame.MarketsEnd);
        while (names.BytesLeft > 0 || markets.BytesLeft > 0)
        {
            names.ReadUnsigned(record, TickBatchColumn.SymbolIndex);
            var length = names.ReadUnsigned(record, TickBatchColumn.SymbolIndex);
            var name = names.Bytes(record, TickBatchColumn.SymbolIndex, (int)Math.Min(length, int.MaxValue));
            var market = (Market)markets.ReadUnsigned(record, TickBatchColumn.SymbolIndex);
            if (!Enum.IsDefined(market) || !symbols.TryGetStored(market, name, out var symbol))
            {
                throw new TickBatchFormatException($"Symbol {_batchSymbols.Count} of the record is not a symbol of market {(int)market}.");
            }

            _batchSymbols.Add(symbol);
        }
    }

    private TickKind ReadKind(ReadOnlySpan<byte> record)
    {
        var kind = ReadUnsigned(record, TickBatchColumn.Kind);
        return kind is (int)TickKind.Quote or (int)TickKind.Trade ? (TickKind)kind
            : throw new TickBatchFormatException($"Tick {Position} is of kind {kind}, which is unknown to this version.");
    }

    private void ReadRareFields(ReadOnlySpan<byte> record, ref Tick tick)
    {
        var fields = tick.Fields;
        tick.BidExchange = Int32(record, fields, TickFields.BidExchange, TickBatchColumn.BidExchange);
        tick.AskExchange = Int32(record, fields, TickFields.AskExchange, TickBatchColumn.AskExchange);
        tick.Sequence = Number(record, fields, TickFields.Sequence, TickBatchColumn.Sequence, 0);
        tick.TrfId = Int32(record, fields, TickFields.TrfId, TickBatchColumn.TrfId);
        tick.ParticipantMs = Number(record, fields, TickFields.ParticipantMs, TickBatchColumn.ParticipantMsDelta, tick.TimestampMs);
        tick.TrfMs = Number(record, fields, TickFields.TrfMs, TickBatchColumn.TrfMsDelta, tick.TimestampMs);
        tick.VendorReceivedMs =
            Number(record, fields, TickFields.VendorReceivedMs, TickBatchColumn.VendorReceivedMsDelta, tick.TimestampMs);
        tick.Tape = (fields & TickFields.Tape) != 0 ? (int)ReadUnsigned(record, TickBatchColumn.Tape) : 0;
        tick.Flags = (fields & TickFields.Flags) != 0 ? (TickFlags)ReadUnsigned(record, TickBatchColumn.Flags) : TickFlags.None;
        if ((fields & TickFields.TradeId) != 0)
        {
            var length = Length(record, TickBatchColumn.TradeIdLength, Tick.MaxTradeIdBytes);
            tick.TradeId = _columns[(int)TickBatchColumn.TradeIds].Bytes(record, TickBatchColumn.TradeIds, length);
        }

        tick.Conditions = List(record, fields, TickFields.Conditions, TickBatchColumn.ConditionCount, _conditions);
        tick.Indicators = List(record, fields, TickFields.Indicators, TickBatchColumn.IndicatorCount, _indicators);
    }

    private ReadOnlySpan<int> List(ReadOnlySpan<byte> record, TickFields fields, TickFields field, TickBatchColumn counts, int[] values)
    {
        if ((fields & field) == 0)
        {
            return [];
        }

        var length = Length(record, counts, values.Length);
        for (var index = 0; index < length; index++)
        {
            values[index] = _columns[(int)counts + 1].Int32(record, counts + 1);
        }

        return values.AsSpan(0, length);
    }

    private int Length(ReadOnlySpan<byte> record, TickBatchColumn column, int max)
    {
        var length = ReadUnsigned(record, column);
        return length <= (ulong)max ? (int)length
            : throw new TickBatchFormatException($"{column} of tick {Position} has length {length}; the maximum is {max}.");
    }

    private Price Decimal(ReadOnlySpan<byte> record, TickFields fields, TickFields field, TickBatchColumn mantissas)
    {
        if ((fields & field) == 0)
        {
            return default;
        }

        var mantissa = ReadSigned(record, mantissas);
        var scale = ReadUnsigned(record, mantissas + 1);
        return scale <= Price.MaxScale ? Price.Create(mantissa, (int)scale)
            : throw new TickBatchFormatException($"{mantissas + 1} of tick {Position} is {scale}; the maximum is {Price.MaxScale}.");
    }

    private int Int32(ReadOnlySpan<byte> record, TickFields fields, TickFields field, TickBatchColumn column) =>
        (fields & field) != 0 ? _columns[(int)column].Int32(record, column) : 0;

    private long Number(ReadOnlySpan<byte> record, TickFields fields, TickFields field, TickBatchColumn column, long origin) =>
        (fields & field) != 0 ? origin + ReadSigned(record, column) : 0;

    private long ReadSigned(ReadOnlySpan<byte> record, TickBatchColumn column) => _columns[(int)column].ReadSigned(record, column);

    private ulong ReadUnsigned(ReadOnlySpan<byte> record, TickBatchColumn column) => _columns[(int)column].ReadUnsigned(record, column);
}
