using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>Ticks in the vectors of a chunk, written column by column; a field that a tick lacks is null.</summary>
internal sealed class TickChunk : IDisposable
{
    private const int BitsOfMask = 64;

    private static readonly int Columns = TickSchema.Columns.Length;
    private static readonly byte[][] Sources =
        [.. Enumerable.Range(0, (int)TickSource.Import + 1).Select(source => source == 0 ? [] : ((TickSource)source).Utf8Name().ToArray())];

    private readonly DuckDbChunk _chunk;
    private readonly ulong[] _present;
    private readonly int _masks;
    private readonly List<int> _conditions = [];
    private readonly List<int> _indicators = [];

    public TickChunk()
    {
        var types = TickSchema.CreateTypes();
        try
        {
            _chunk = DuckDbChunk.Create(types);
        }
        finally
        {
            foreach (ref var type in types.AsSpan())
            {
                DuckDbVectorMethods.DestroyType(ref type);
            }
        }

        Capacity = DuckDbChunk.Capacity;
        _masks = Capacity / BitsOfMask;
        _present = new ulong[Columns * _masks];
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    /// <summary>Adds a tick; there must be room. One that no collector received has no time of that, and an
    /// imported one no partition (-1).</summary>
    public void Add(scoped in Tick tick, TickSource source, int partition, long offset)
    {
        var row = Count++;
        Text(TickColumn.Symbol, row, tick.Symbol.Utf8);
        Set(TickColumn.TimestampMs, row, tick.TimestampMs);
        Text(TickColumn.Source, row, Sources[(int)source]);
        var exact = Decimal(tick, TickFields.Bid, TickColumn.Bid, row, tick.Bid)
            & Decimal(tick, TickFields.Ask, TickColumn.Ask, row, tick.Ask)
            & Decimal(tick, TickFields.BidSize, TickColumn.BidSize, row, tick.BidSize)
            & Decimal(tick, TickFields.AskSize, TickColumn.AskSize, row, tick.AskSize)
            & Decimal(tick, TickFields.Price, TickColumn.Price, row, tick.Price)
            & Decimal(tick, TickFields.Size, TickColumn.Size, row, tick.Size);
        if (!exact)
        {
            Text(TickColumn.ExactText, row, ExactTexts.Write(tick));
        }

        if (tick.ReceivedMs != 0)
        {
            Set(TickColumn.ReceivedAfterMs, row, tick.ReceivedMs - tick.TimestampMs);
        }

        Set(TickColumn.Flags, row, (int)tick.Flags);
        if (partition >= 0)
        {
            Set(TickColumn.ArchivePartition, row, partition);
        }

        Set(TickColumn.ArchiveOffset, row, offset);
        AddRest(tick, row);
    }

    /// <summary>Appends the rows to a table, and is empty then.</summary>
    public void AppendTo(DuckDbAppender appender)
    {
        _chunk.Count = Count;
        _chunk[(int)TickColumn.Conditions].SetElements(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_conditions));
        _chunk[(int)TickColumn.Indicators].SetElements(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_indicators));
        for (var column = 0; column < Columns; column++)
        {
            _chunk[column].SetNulls(_present.AsSpan(column * _masks, _masks));
        }

        appender.Append(_chunk);
        _chunk.Reset();
        Array.Clear(_present);
        _conditions.Clear();
        _indicators.Clear();
        Count = 0;
    }

    public void Dispose() => _chunk.Dispose();

    /// <summary>The fields that most ticks lack.</summary>
    private void AddRest(scoped in Tick tick, int row)
    {
        Number(tick, TickFields.Exchange, TickColumn.Exchange, row, tick.Exchange);
        Number(tick, TickFields.BidExchange, TickColumn.BidExchange, row, tick.BidExchange);
        Number(tick, TickFields.AskExchange, TickColumn.AskExchange, row, tick.AskExchange);
        Number(tick, TickFields.Tape, TickColumn.Tape, row, tick.Tape);
        Number(tick, TickFields.Sequence, TickColumn.Sequence, row, tick.Sequence);
        Number(tick, TickFields.ParticipantMs, TickColumn.ParticipantMs, row, tick.ParticipantMs);
        Number(tick, TickFields.TrfId, TickColumn.TrfId, row, tick.TrfId);
        Number(tick, TickFields.TrfMs, TickColumn.TrfMs, row, tick.TrfMs);
        Number(tick, TickFields.VendorReceivedMs, TickColumn.VendorReceivedMs, row, tick.VendorReceivedMs);
        if (tick.Has(TickFields.TradeId))
        {
            Text(TickColumn.TradeId, row, tick.TradeId);
        }

        if (tick.Has(TickFields.Conditions))
        {
            List(TickColumn.Conditions, row, _conditions, tick.Conditions);
        }

        if (tick.Has(TickFields.Indicators))
        {
            List(TickColumn.Indicators, row, _indicators, tick.Indicators);
        }
    }

    private bool Decimal(scoped in Tick tick, TickFields field, TickColumn column, int row, Price price)
    {
        if (!tick.Has(field))
        {
            return true;
        }

        var exact = ExactPrice.TryConvert(price, out var value);
        Set(column, row, value);
        return exact;
    }

    private void Number<T>(scoped in Tick tick, TickFields field, TickColumn column, int row, T value)
        where T : unmanaged
    {
        if (tick.Has(field))
        {
            Set(column, row, value);
        }
    }

    private void Set<T>(TickColumn column, int row, T value)
        where T : unmanaged
    {
        _chunk[(int)column].Values<T>()[row] = value;
        Mark(column, row);
    }

    private void Text(TickColumn column, int row, ReadOnlySpan<byte> text)
    {
        _chunk[(int)column].SetText(row, text);
        Mark(column, row);
    }

    private void List(TickColumn column, int row, List<int> all, ReadOnlySpan<int> values)
    {
        _chunk[(int)column].SetRange(row, all.Count, values.Length);
        all.AddRange(values);
        Mark(column, row);
    }

    private void Mark(TickColumn column, int row) =>
        _present[((int)column * _masks) + (row / BitsOfMask)] |= 1UL << (row % BitsOfMask);
}
