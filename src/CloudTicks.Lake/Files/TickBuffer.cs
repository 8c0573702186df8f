using System.Runtime.InteropServices;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>Buffers ticks in memory, column by column, until DuckDB reads them chunk by chunk.</summary>
internal sealed class TickBuffer
{
    private readonly BufferedColumn[] _columns = new BufferedColumn[TickSchema.Columns.Length];
    private readonly Dictionary<Symbol, int> _symbols = [];
    private readonly NameColumn _names;
    private readonly NameColumn _sources;
    private readonly ValueColumn<long> _times;
    private readonly ValueColumn<long> _offsets;
    private readonly TextColumn _exactTexts;
    private readonly TextColumn _tradeIds;
    private Symbol? _lastSymbol;
    private int _lastNumber;

    public TickBuffer()
    {
        _names = Column<NameColumn>(TickColumn.Symbol);
        _times = Column<ValueColumn<long>>(TickColumn.TimestampMs);
        _sources = Column<NameColumn>(TickColumn.Source);
        _offsets = Column<ValueColumn<long>>(TickColumn.ArchiveOffset);
        _exactTexts = Column<TextColumn>(TickColumn.ExactText);
        _tradeIds = Column<TextColumn>(TickColumn.TradeId);
        for (var column = 0; column < _columns.Length; column++)
        {
            _columns[column] ??= TickSchema.Columns[column].Type switch
            {
                TickSchema.Decimal => new ValueColumn<Int128>(),
                TickSchema.LongNumber => new ValueColumn<long>(),
                TickSchema.Numbers => new ListColumn(),
                _ => new ValueColumn<int>(),
            };
        }

        foreach (var source in Enumerable.Range(0, (int)TickSource.Import + 1))
        {
            _sources.AddName(source == 0 ? [] : ((TickSource)source).Utf8Name());
        }
    }

    /// <summary>The number of buffered ticks.</summary>
    public int Count { get; private set; }

    /// <summary>The number of distinct symbols that the buffer has ever held, including those of removed ticks.</summary>
    public int SymbolCount => _symbols.Count;

    /// <summary>Adds a tick. A receipt time of 0 and a negative partition, which imported ticks have, are stored as null.</summary>
    public void Add(scoped in Tick tick, TickSource source, int partition, long offset)
    {
        var row = Count++;
        _names.Set(row, NumberOf(tick.Symbol));
        _times.Set(row, tick.TimestampMs);
        _sources.Set(row, (int)source);
        _offsets.Set(row, offset);
        Int(TickColumn.Flags).Set(row, (int)tick.Flags);
        if (tick.ReceivedMs != 0)
        {
            Long(TickColumn.ReceivedAfterMs).Set(row, tick.ReceivedMs - tick.TimestampMs);
        }

        if (partition >= 0)
        {
            Int(TickColumn.ArchivePartition).Set(row, partition);
        }

        var isExact = Set(TickColumn.Bid, TickFields.Bid, tick, row, tick.Bid) & Set(TickColumn.Ask, TickFields.Ask, tick, row, tick.Ask)
            & Set(TickColumn.BidSize, TickFields.BidSize, tick, row, tick.BidSize)
            & Set(TickColumn.AskSize, TickFields.AskSize, tick, row, tick.AskSize)
            & Set(TickColumn.Price, TickFields.Price, tick, row, tick.Price) & Set(TickColumn.Size, TickFields.Size, tick, row, tick.Size);
        if (!isExact)
        {
            _exactTexts.Set(row, ExactTexts.Write(tick));
        }

        Set(TickColumn.Exchange, TickFields.Exchange, tick, row, tick.Exchange);
        if ((tick.Fields & ~(TickFields.Bid | TickFields.Ask | TickFields.Exchange)) != 0)
        {
            AddRareFields(tick, row);
        }
    }

    /// <summary>Returns the rows in file order: stably sorted by symbol, time and archive offset.</summary>
    public int[] Order() => TickOrder.Of(Count, _names, _times, _offsets);

    /// <summary>Writes ticks into a chunk that has the columns of a file.</summary>
    /// <param name="rows">The rows to write; no more than the chunk's capacity.</param>
    public void Fill(DuckDbChunk chunk, ReadOnlySpan<int> rows)
    {
        for (var column = 0; column < _columns.Length; column++)
        {
            _columns[column].Fill(chunk[column], rows, Count);
        }

        chunk.Count = rows.Length;
    }

    /// <summary>Appends the ticks to a table in their original order, and clears the buffer.</summary>
    public void AppendTo(DuckDbAppender appender)
    {
        using var chunk = TickSchema.CreateChunk();
        foreach (var rows in Enumerable.Range(0, Count).Chunk(DuckDbChunk.Capacity))
        {
            Fill(chunk, rows);
            appender.Append(chunk);
            chunk.Reset();
        }

        Clear();
    }

    /// <summary>Removes all ticks, but keeps the memory for reuse.</summary>
    public void Clear()
    {
        foreach (var column in _columns)
        {
            column.Clear();
        }

        Count = 0;
    }

    /// <summary>Adds the fields that currency quotes do not have.</summary>
    private void AddRareFields(scoped in Tick tick, int row)
    {
        Set(TickColumn.BidExchange, TickFields.BidExchange, tick, row, tick.BidExchange);
        Set(TickColumn.AskExchange, TickFields.AskExchange, tick, row, tick.AskExchange);
        Set(TickColumn.Tape, TickFields.Tape, tick, row, tick.Tape);
        Set(TickColumn.Sequence, TickFields.Sequence, tick, row, tick.Sequence);
        Set(TickColumn.ParticipantMs, TickFields.ParticipantMs, tick, row, tick.ParticipantMs);
        Set(TickColumn.TrfId, TickFields.TrfId, tick, row, tick.TrfId);
        Set(TickColumn.TrfMs, TickFields.TrfMs, tick, row, tick.TrfMs);
        Set(TickColumn.VendorReceivedMs, TickFields.VendorReceivedMs, tick, row, tick.VendorReceivedMs);
        if (tick.Has(TickFields.TradeId))
        {
            _tradeIds.Set(row, tick.TradeId);
        }

        if (tick.Has(TickFields.Conditions))
        {
            ((ListColumn)_columns[(int)TickColumn.Conditions]).Set(row, tick.Conditions);
        }

        if (tick.Has(TickFields.Indicators))
        {
            ((ListColumn)_columns[(int)TickColumn.Indicators]).Set(row, tick.Indicators);
        }
    }

    private int NumberOf(Symbol symbol)
    {
        if (!ReferenceEquals(symbol, _lastSymbol))
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_symbols, symbol, out var isKnown);
            number = isKnown ? number : _names.AddName(symbol.Utf8);
            (_lastSymbol, _lastNumber) = (symbol, number);
        }

        return _lastNumber;
    }

    private bool Set(TickColumn column, TickFields field, scoped in Tick tick, int row, Price price)
    {
        if (!tick.Has(field))
        {
            return true;
        }

        var isExact = ExactPrice.TryConvert(price, out var value);
        ((ValueColumn<Int128>)_columns[(int)column]).Set(row, value);
        return isExact;
    }

    private void Set(TickColumn column, TickFields field, scoped in Tick tick, int row, int value)
    {
        if (tick.Has(field))
        {
            Int(column).Set(row, value);
        }
    }

    private void Set(TickColumn column, TickFields field, scoped in Tick tick, int row, long value)
    {
        if (tick.Has(field))
        {
            Long(column).Set(row, value);
        }
    }

    private ValueColumn<int> Int(TickColumn column) => (ValueColumn<int>)_columns[(int)column];

    private ValueColumn<long> Long(TickColumn column) => (ValueColumn<long>)_columns[(int)column];

    private T Column<T>(TickColumn column)
        where T : BufferedColumn, new()
    {
        var created = new T();
        _columns[(int)column] = created;
        return created;
    }
}
