using System.Text;
using System.Text.Unicode;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Exporting;

/// <summary>
/// Writes CSV as in RFC 4180, but with LF line ends. Decimals are exact, absent values are empty fields, and list entries are separated
/// by spaces.
/// </summary>
internal sealed class CsvFormat : ITickFormat
{
    private const int NumbersBytes = 1536;
    private const int ListEntryBytes = 12;

    public ReadOnlySpan<byte> Header =>
        "symbol,market,kind,timestamp_ms,bid,ask,bid_size,ask_size,price,size,exchange,bid_exchange,ask_exchange,sequence,trade_id,"u8
        + "conditions,indicators,tape,participant_ms,trf_id,trf_ms,vendor_received_ms,flags,received_ms,source,id\n"u8;

    public int MaxBytes =>
        NumbersBytes + (2 * Symbol.MaxNameBytes) + (6 * Tick.MaxTradeIdBytes) + (2 * Tick.MaxListLength * ListEntryBytes);

    public int Write(scoped in Tick tick, TickSource source, int partition, ulong identity, Span<byte> line)
    {
        var row = new Row(line);
        row.Quoted(tick.Symbol.Utf8);
        row.Text(tick.Symbol.Market.Utf8Name());
        row.Text(tick.Kind.Utf8Name());
        row.Number(tick.TimestampMs);
        row.Decimal(tick, TickFields.Bid, tick.Bid);
        row.Decimal(tick, TickFields.Ask, tick.Ask);
        row.Decimal(tick, TickFields.BidSize, tick.BidSize);
        row.Decimal(tick, TickFields.AskSize, tick.AskSize);
        row.Decimal(tick, TickFields.Price, tick.Price);
        row.Decimal(tick, TickFields.Size, tick.Size);
        row.Number(tick, TickFields.Exchange, tick.Exchange);
        row.Number(tick, TickFields.BidExchange, tick.BidExchange);
        row.Number(tick, TickFields.AskExchange, tick.AskExchange);
        row.Number(tick, TickFields.Sequence, tick.Sequence);
        row.Quoted(tick.TradeId);
        row.List(tick.Conditions);
        row.List(tick.Indicators);
        row.Number(tick, TickFields.Tape, tick.Tape);
        row.Number(tick, TickFields.ParticipantMs, tick.ParticipantMs);
        row.Number(tick, TickFields.TrfId, tick.TrfId);
        row.Number(tick, TickFields.TrfMs, tick.TrfMs);
        row.Number(tick, TickFields.VendorReceivedMs, tick.VendorReceivedMs);
        row.Number(tick, TickFields.Flags, (int)tick.Flags);
        row.Number(tick.ReceivedMs);
        row.Text(source.Utf8Name());
        row.Hex(identity);
        return row.End();
    }

    private ref struct Row(Span<byte> line)
    {
        private readonly Span<byte> _line = line;
        private Utf8TextWriter _text = new(line);

        public void Text(scoped ReadOnlySpan<byte> text)
        {
            _text.Text(text);
            Comma();
        }

        public void Number(long value)
        {
            _text.Number(value);
            Comma();
        }

        public void Number(scoped in Tick tick, TickFields field, long value)
        {
            if (tick.Has(field))
            {
                _text.Number(value);
            }

            Comma();
        }

        public void Decimal(scoped in Tick tick, TickFields field, Price value)
        {
            if (tick.Has(field))
            {
                _text.Number(value);
            }

            Comma();
        }

        public void Hex(ulong value)
        {
            _text.Hex(value);
            Comma();
        }

        public void List(scoped ReadOnlySpan<int> values)
        {
            _text.List(values, (byte)' ');
            Comma();
        }

        /// <summary>Writes an untrusted text, quoted if necessary; invalid UTF-8 becomes U+FFFD.</summary>
        public void Quoted(scoped ReadOnlySpan<byte> utf8)
        {
            if (!Utf8.IsValid(utf8))
            {
                utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8));
            }

            var quotes = utf8.IndexOfAny(",\"\r\n"u8) >= 0 ? "\""u8 : default;
            _text.Text(quotes);
            foreach (var value in utf8)
            {
                if (value == '"')
                {
                    _text.Character(value);
                }

                _text.Character(value);
            }

            _text.Text(quotes);
            Comma();
        }

        public int End()
        {
            _line[_text.Length - 1] = (byte)'\n';
            return _text.Length;
        }

        private void Comma() => _text.Character((byte)',');
    }
}
