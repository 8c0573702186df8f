using System.Buffers;
using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.DbServer;

/// <summary>A request that saves ticks of one symbol and kind: the JSON of <c>save_realtime_data</c> (docs/db-command.md).</summary>
internal sealed class SaveRequest
{
    /// <summary>Maximum ticks per request, to stay below a server's body size limit.</summary>
    public const int MaxTicks = 5_000;

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const int MaxTimeBytes = 32;

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly byte[] _recordStart;

    public SaveRequest(Symbol symbol, TickKind kind)
    {
        (Symbol, Kind) = (symbol, kind);
        var ticker = JsonEncodedText.Encode(symbol.Name).EncodedUtf8Bytes;
        _recordStart = [.. "{\"ticker\":\""u8, .. ticker, .. "\",\"timestamp\":\""u8];
        _json.Write("{\"command\":\"save_realtime_data\",\"params\":{\"ticker\":\""u8);
        _json.Write(ticker);
        _json.Write(kind == TickKind.Quote ? "\",\"data_type\":\"quote\",\"data\":["u8 : "\",\"data_type\":\"trade\",\"data\":["u8);
    }

    public Symbol Symbol { get; }

    public TickKind Kind { get; }

    public int Count { get; private set; }

    public void Add(scoped in Tick tick)
    {
        if (Count++ > 0)
        {
            _json.Write(","u8);
        }

        _json.Write(_recordStart);
        DateTimeOffset.FromUnixTimeMilliseconds(tick.TimestampMs).UtcDateTime.TryFormat(
            _json.GetSpan(MaxTimeBytes), out var written, TimeFormat);
        _json.Advance(written);
        _json.Write("\""u8);
        if (Kind == TickKind.Trade)
        {
            Write(tick, TickFields.Price, ",\"price\":"u8, tick.Price);
            Write(tick, TickFields.Size, ",\"size\":"u8, tick.Size);
        }
        else if ((tick.Fields & (TickFields.Bid | TickFields.Ask)) == 0)
        {
            // The server recognises a quote by its bid or ask field, so both are written; it treats the value 0 as absent.
            _json.Write(",\"bid\":0,\"ask\":0"u8);
        }
        else
        {
            Write(tick, TickFields.Bid, ",\"bid\":"u8, tick.Bid);
            Write(tick, TickFields.Ask, ",\"ask\":"u8, tick.Ask);
            Write(tick, TickFields.BidSize, ",\"bid_size\":"u8, tick.BidSize);
            Write(tick, TickFields.AskSize, ",\"ask_size\":"u8, tick.AskSize);
        }

        _json.Write("}"u8);
    }

    public ReadOnlyMemory<byte> Complete()
    {
        _json.Write("],\"index_col\":\"timestamp\",\"on_duplicate\":\"ignore\"}}"u8);
        return _json.WrittenMemory;
    }

    private void Write(scoped in Tick tick, TickFields field, ReadOnlySpan<byte> name, Price value)
    {
        if (tick.Has(field))
        {
            _json.Write(name);
            _json.Advance(value.Format(_json.GetSpan(Price.MaxTextBytes)));
        }
    }
}
