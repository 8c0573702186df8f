using System.Buffers.Text;

namespace CloudTicks.Ticks.Lean;

/// <summary>
/// One row of a file, before its conversion to a tick. Rows have 3 columns (currencies, crypto trades), 5 (crypto quotes), 6 (stock
/// trades) or 8 (stock quotes).
/// </summary>
internal ref struct LeanRow
{
    private const int StockPriceScale = 4;

    private ReadOnlySpan<byte> _rest;
    private int _column;

    /// <summary>Whole milliseconds since midnight; a fraction is truncated.</summary>
    public long Ms { get; private set; }

    public Price Bid { get; private set; }

    public Price Ask { get; private set; }

    public Price BidSize { get; private set; }

    public Price AskSize { get; private set; }

    public Price Price { get; private set; }

    public Price Size { get; private set; }

    public int Exchange { get; private set; }

    public uint Conditions { get; private set; }

    /// <exception cref="LeanFormatException">The row does not have the format of the market and kind.</exception>
    public static LeanRow Parse(ReadOnlySpan<byte> line, Market market, TickKind kind)
    {
        var row = new LeanRow { _rest = line };
        row.Ms = row.ReadMs();
        if (market == Market.Forex)
        {
            row.Bid = row.ReadPrice();
            row.Ask = row.ReadPrice();
        }
        else if (market == Market.Crypto && kind == TickKind.Trade)
        {
            row.Price = row.ReadPrice();
            row.Size = row.ReadPrice();
        }
        else if (market == Market.Crypto)
        {
            row.Bid = row.ReadPrice();
            row.BidSize = row.ReadPrice();
            row.Ask = row.ReadPrice();
            row.AskSize = row.ReadPrice();
        }
        else if (kind == TickKind.Trade)
        {
            row.Price = row.ReadScaled();
            row.Size = row.ReadSize();
            row.ReadExchangeAndFlags();
        }
        else
        {
            row.Bid = row.ReadScaled();
            row.BidSize = row.ReadSize();
            row.Ask = row.ReadScaled();
            row.AskSize = row.ReadSize();
            row.ReadExchangeAndFlags();
            if (row.Bid.Mantissa == 0 && row.Ask.Mantissa == 0)
                throw new LeanFormatException("the quote has neither bid nor ask");
        }

        if (!row._rest.IsEmpty)
            throw new LeanFormatException($"there are more than {row._column} columns");
        row._rest = default;
        return row;
    }

    private void ReadExchangeAndFlags()
    {
        Exchange = LeanExchanges.IdOf(Next());
        var text = Next();
        if (!Utf8Parser.TryParse(text, out uint conditions, out var used, 'x') || used != text.Length)
            throw Malformed(text, "hexadecimal condition flags");
        Conditions = conditions;
        var suspicionFlag = Next();
        if (suspicionFlag is not [(byte)'0' or (byte)'1'])
            throw Malformed(suspicionFlag, "0 or 1 (whether the tick is suspicious)");
    }

    private long ReadMs()
    {
        var text = Next();
        var point = text.IndexOf((byte)'.');
        var integer = point < 0 ? text : text[..point];
        if (!Utf8Parser.TryParse(integer, out long ms, out var used) || used != integer.Length || ms < 0
            || (point >= 0 && (point == text.Length - 1 || text[(point + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)))
        {
            throw Malformed(text, "milliseconds from midnight");
        }

        return ms;
    }

    private Price ReadPrice()
    {
        var text = Next();
        return Ticks.Price.TryParse(text, out var price) && price.Mantissa > 0 ? price : throw Malformed(text, "a price above zero");
    }

    private Price ReadScaled() => Ticks.Price.Create(ReadInteger("a price times 10,000"), StockPriceScale);

    private Price ReadSize() => Ticks.Price.Create(ReadInteger("a size"), 0);

    private long ReadInteger(string expected)
    {
        var text = Next();
        return Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length && value >= 0
            ? value
            : throw Malformed(text, expected);
    }

    private ReadOnlySpan<byte> Next()
    {
        _column++;
        if (_rest.IsEmpty)
            throw new LeanFormatException($"column {_column} is missing");
        var comma = _rest.IndexOf((byte)',');
        var text = comma < 0 ? _rest : _rest[..comma];
        _rest = comma < 0 ? default : _rest[(comma + 1)..];
        return text;
    }

    private readonly LeanFormatException Malformed(ReadOnlySpan<byte> text, string expected) =>
        new($"column {_column} is '{System.Text.Encoding.UTF8.GetString(text)}', not {expected}");
}
