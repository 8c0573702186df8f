using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>Converts rows back to ticks. Not thread-safe.</summary>
/// <param name="columns">By <see cref="TickColumn"/>: the column's index in the chunk, or -1 if it is not read.</param>
internal sealed class TickRowReader(int[] columns)
{
    private static readonly Dictionary<string, TickSource> Sources =
        Enum.GetValues<TickSource>().ToDictionary(source => System.Text.Encoding.UTF8.GetString(source.Utf8Name()));

    private readonly SymbolDictionary _symbols = new();

    /// <summary>Reads a row.</summary>
    /// <param name="chunk">The rows.</param>
    /// <param name="row">The row's index.</param>
    /// <param name="kind">The tick's kind, known from the file or folder.</param>
    /// <param name="market">The tick's market, known from the file or folder.</param>
    /// <param name="tick">The tick; its spans are valid as long as the chunk.</param>
    /// <exception cref="FormatException">The row is not a tick.</exception>
    /// <exception cref="OverflowException">A decimal has more digits than a price can have.</exception>
    /// <exception cref="System.Text.Json.JsonException">The column <c>exact_text</c> is not an object of prices.</exception>
    public void Read(DuckDbChunk chunk, int row, TickKind kind, Market market, ref Tick tick)
    {
        tick = default;
        var name = chunk[columns[(int)TickColumn.Symbol]].Bytes(row);
        tick.Symbol = _symbols.TryGetStored(market, name, out var symbol)
            ? symbol
            : throw new FormatException($"'{System.Text.Encoding.UTF8.GetString(name)}' is not a symbol of the market {market.Name()}.");
        tick.Kind = kind;
        tick.TimestampMs = Value<long>(chunk, TickColumn.TimestampMs, row);
        tick.ReceivedMs = tick.TimestampMs + Value<long>(chunk, TickColumn.ReceivedAfterMs, row);
        tick.Flags = (TickFlags)Value<int>(chunk, TickColumn.Flags, row);
        tick.Bid = Decimal(chunk, TickColumn.Bid, row, TickFields.Bid, ref tick);
        tick.Ask = Decimal(chunk, TickColumn.Ask, row, TickFields.Ask, ref tick);
        tick.BidSize = Decimal(chunk, TickColumn.BidSize, row, TickFields.BidSize, ref tick);
        tick.AskSize = Decimal(chunk, TickColumn.AskSize, row, TickFields.AskSize, ref tick);
        tick.Price = Decimal(chunk, TickColumn.Price, row, TickFields.Price, ref tick);
        tick.Size = Decimal(chunk, TickColumn.Size, row, TickFields.Size, ref tick);
        tick.Exchange = Number<int>(chunk, TickColumn.Exchange, row, TickFields.Exchange, ref tick);
        tick.BidExchange = Number<int>(chunk, TickColumn.BidExchange, row, TickFields.BidExchange, ref tick);
        tick.AskExchange = Number<int>(chunk, TickColumn.AskExchange, row, TickFields.AskExchange, ref tick);
        tick.Tape = Number<int>(chunk, TickColumn.Tape, row, TickFields.Tape, ref tick);
        tick.Sequence = Number<long>(chunk, TickColumn.Sequence, row, TickFields.Sequence, ref tick);
        tick.ParticipantMs = Number<long>(chunk, TickColumn.ParticipantMs, row, TickFields.ParticipantMs, ref tick);
        tick.TrfId = Number<int>(chunk, TickColumn.TrfId, row, TickFields.TrfId, ref tick);
        tick.TrfMs = Number<long>(chunk, TickColumn.TrfMs, row, TickFields.TrfMs, ref tick);
        tick.VendorReceivedMs = Number<long>(chunk, TickColumn.VendorReceivedMs, row, TickFields.VendorReceivedMs, ref tick);
        if (Has(chunk, TickColumn.TradeId, row))
        {
            tick.TradeId = chunk[columns[(int)TickColumn.TradeId]].Bytes(row);
            tick.Fields |= TickFields.TradeId;
        }

        tick.Conditions = Numbers(chunk, TickColumn.Conditions, row, TickFields.Conditions, ref tick);
        tick.Indicators = Numbers(chunk, TickColumn.Indicators, row, TickFields.Indicators, ref tick);
        tick.Fields |= tick.Flags == TickFlags.None ? 0 : TickFields.Flags;
        if (Has(chunk, TickColumn.ExactText, row))
        {
            ExactTexts.Apply(chunk[columns[(int)TickColumn.ExactText]].Bytes(row), ref tick);
        }
    }

    /// <summary>Reads the source of a tick.</summary>
    public TickSource Source(DuckDbChunk chunk, int row)
    {
        var name = System.Text.Encoding.UTF8.GetString(chunk[columns[(int)TickColumn.Source]].Bytes(row));
        return Sources.TryGetValue(name, out var source) ? source : throw new FormatException($"'{name}' is not a source of ticks.");
    }

    /// <summary>Reads the value of a column; returns 0 if the value is null or the column is not read.</summary>
    public T Value<T>(DuckDbChunk chunk, TickColumn column, int row)
        where T : unmanaged => Has(chunk, column, row) ? chunk[columns[(int)column]].Values<T>()[row] : default;

    private bool Has(DuckDbChunk chunk, TickColumn column, int row) =>
        columns[(int)column] is var index and >= 0 && !chunk[index].IsNull(row);

    private T Number<T>(DuckDbChunk chunk, TickColumn column, int row, TickFields field, ref Tick tick)
        where T : unmanaged
    {
        if (!Has(chunk, column, row))
        {
            return default;
        }

        tick.Fields |= field;
        return chunk[columns[(int)column]].Values<T>()[row];
    }

    private Price Decimal(DuckDbChunk chunk, TickColumn column, int row, TickFields field, ref Tick tick)
    {
        if (!Has(chunk, column, row))
        {
            return default;
        }

        tick.Fields |= field;
        return ExactPrice.From(chunk[columns[(int)column]].Values<Int128>()[row]);
    }

    private ReadOnlySpan<int> Numbers(DuckDbChunk chunk, TickColumn column, int row, TickFields field, scoped ref Tick tick)
    {
        if (!Has(chunk, column, row))
        {
            return default;
        }

        tick.Fields |= field;
        var vector = chunk[columns[(int)column]];
        var (start, count) = vector.Range(row);
        return vector.Elements(start + count).Values<int>().Slice(start, count);
    }
}
